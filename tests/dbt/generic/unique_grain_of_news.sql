{#
    unique_grain for tables of LLM documents that only change with what is loaded: where
    nothing was, since a build that came to its end, there is nothing to look at again.
#}
{% test unique_grain_of_news(model, columns) %}
{%- set inputs = ref('int_document_inputs') %}

with keys as (

    select
        {% for column in columns %}
        {{ column }},
        {% endfor %}
        count(*) as row_count
    from {{ model }}
    where {{ '1 = 1' if not execute or documents_are_unsettled(inputs) else '1 = 0' }}
    group by {{ columns | join(', ') }}

)

select * from keys
where
    row_count > 1
    {% for column in columns %}
    or coalesce(cast({{ column }} as {{ type_text() }}), '') = ''
    {% endfor %}

{% endtest %}
