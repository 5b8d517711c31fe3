{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        meta={'bulk': true},
        pre_hook=[
            "{{ delete_stale_partitions(ref('int_metric_partitions'), []) }}",
            "{{ memory_for_cohorts() }}",
        ],
        post_hook="{{ analyze_table() }}",
        indexes=[
            {'columns': ['org_code', 'metric_id']},
            {'columns': ['metric_id', 'period']},
            {'columns': ['partition_version']},
        ],
    )
}}
{% set kinds = ['overall', 'in_trust_type', 'in_subtype', 'in_region'] %}

with partitions as (

    select * from {{ ref('int_metric_partitions') }} as listed
    where {{ only_new_partitions('listed', []) }}

),

metric_values as {{ inlined() }} (

    select
        base.*,
        {{ badness('base') }} as badness
    from {{ ref('metric_values_base') }} as base
    where
        base.value is not null
        and {{ in_new_partitions('base', ref('int_metric_partitions')) }}

),

{% for kind in kinds %}
{{ kind }} as (

    {{ ranked_cohorts('metric_values', kind) }}

),

{% endfor %}

final as (

    select
        {% for column in metric_value_columns() if column != 'source_file' %}
        metric_values.{{ column }},
        {% endfor %}
        {{ cohort_percentile('overall', 'metric_values.badness') }}
            as percentile_overall,
        {{ cohort_percentile('in_trust_type', 'metric_values.badness') }}
            as percentile_in_trust_type,
        {{ cohort_percentile('in_subtype', 'metric_values.badness') }}
            as percentile_in_subtype,
        {{ cohort_rank('overall', 'metric_values.badness') }} as rank_overall,
        {{ cohort_rank('in_region', 'metric_values.badness') }} as regional_rank,
        {% for kind, suffix in [
            ('overall', 'overall'), ('in_trust_type', 'in_trust_type'),
            ('in_subtype', 'in_subtype'),
        ] %}
        {{ kind }}.cohort_size as cohort_size_{{ suffix }},
        {% for point in ['min', 'q1', 'median', 'q3', 'max'] %}
        {{ kind }}.cohort_{{ point }} as cohort_{{ point }}_{{ suffix }},
        {% endfor %}
        {% endfor %}
        in_region.cohort_size as regional_size,
        current_timestamp as last_refreshed_at,
        partitions.partition_version
    from metric_values
    inner join partitions
        on metric_values.domain = partitions.domain
        and metric_values.period = partitions.period
    {% for kind in kinds %}
    left join {{ kind }}
        on {{ cohort_key(cohort_columns(kind), 'metric_values') }}
        = {{ kind }}.cohort_key
        and metric_values.badness is not null
    {% endfor %}

)

select * from final
