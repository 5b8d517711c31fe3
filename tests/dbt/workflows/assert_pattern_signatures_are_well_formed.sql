-- What rules can give, and what they gave: category:subcategory:target.
{% set categories = 'test|build|format|git|deps|docs|deploy|review' %}
with signatures as (

    select pattern_signature from {{ ref('int_workflow_signatures') }}
    union
    select output as pattern_signature from {{ ref('pattern_error_rules') }}
    union
    select output as pattern_signature from {{ ref('pattern_template_rules') }}
    union
    select output || ':a:b' as pattern_signature
    from {{ ref('pattern_signature_rules') }}
    where part = 'category'

)

select * from signatures
where not regexp_like(pattern_signature, '^({{ categories }})(:[a-z0-9_]+){2}$')
