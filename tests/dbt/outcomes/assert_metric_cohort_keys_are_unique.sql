-- The 64-bit keys of cohorts: two different cohorts never share one.
with cohorts as (

    select
        metric_id,
        period,
        disagg_key,
        trust_type,
        trust_subtype,
        region_name
    from {{ ref('insight_metrics_long') }}
    group by metric_id, period, disagg_key, trust_type, trust_subtype, region_name

),

keyed as (

    {% for kind in ['overall', 'in_trust_type', 'in_subtype', 'in_region'] %}
    select
        '{{ kind }}' as cohort_kind,
        {{ cohort_key(cohort_columns(kind), 'cohorts') }} as cohort_key,
        {{ cohort_columns(kind) | join(" || '|' || ") }} as cohort_text
    from cohorts
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    cohort_kind,
    cohort_key
from keyed
where cohort_key is not null
group by cohort_kind, cohort_key
having min(cohort_text) != max(cohort_text)
