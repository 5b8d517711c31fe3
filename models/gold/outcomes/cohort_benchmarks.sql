{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ delete_stale_partitions(ref('int_metric_partitions'), []) }}",
            "{{ memory_for_cohorts() }}",
        ],
        post_hook="{{ analyze_table() }}",
        indexes=[
            {'columns': ['metric_id', 'period']},
            {'columns': ['partition_version']},
        ],
    )
}}
{% set shared = [
    'domain', 'metric_id', 'metric_label', 'unit', 'period', 'period_start',
    'period_end', 'disagg_key', 'partition_version',
] %}

with catalogue as (

    select * from {{ ref('metric_catalogue') }}

),

metric_values as {{ inlined() }} (

    select
        insight.*,
        {{ badness('insight') }} as badness
    from {{ ref('insight_metrics_long') }} as insight
    where {{ in_new_partitions('insight', ref('int_metric_partitions')) }}

),

{% for kind, names in [
    ('overall', []), ('in_trust_type', ['trust_type']),
    ('in_subtype', ['trust_subtype']), ('in_region', ['region_name']),
] %}
{{ kind }} as (

    {{ ranked_cohorts(
        'metric_values', kind, shared + ['entity_level'] + names
    ) }}

),

{% endfor %}

cohorts as (

    {% for kind, name in [
        ('overall', "'all'"), ('in_trust_type', 'trust_type'),
        ('in_subtype', 'trust_subtype'), ('in_region', 'region_name'),
    ] %}
    select
        {% for column in shared %}
        {{ column }},
        {% endfor %}
        '{{ kind }}' as cohort_kind,
        {{ name }} as cohort_name,
        entity_level,
        cohort_size,
        cohort_min,
        cohort_q1,
        cohort_median,
        cohort_q3,
        cohort_max
    from {{ kind }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        {% for column in shared[:-1] %}
        cohorts.{{ column }},
        {% endfor %}
        cohorts.cohort_kind,
        cohorts.cohort_name,
        {{ cohort_in_words('cohorts', 'catalogue') }} as cohort,
        cohorts.cohort_size,
        cohorts.cohort_min,
        cohorts.cohort_q1,
        cohorts.cohort_median,
        cohorts.cohort_q3,
        cohorts.cohort_max,
        cohorts.partition_version
    from cohorts
    left join catalogue
        on cohorts.metric_id = catalogue.metric_id

)

select * from final
