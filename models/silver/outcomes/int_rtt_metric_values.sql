with rtt_metrics as (

    -- As published: without the commissioners outside England.
    select
        rtt_metrics.*,
        {{ metric_entity_level('rtt_metrics') }} as comparable_level
    from {{ ref('rtt_metrics') }} as rtt_metrics
    where not rtt_metrics.includes_nonc

),

final as (

    {% for metric_id, parts, value, numerator, denominator
        in rtt_metric_definitions() %}
    select
        period,
        '{{ metric_id }}' as metric_id,
        org_code,
        org_name,
        rtt_part_type,
        treatment_function_code,
        comparable_level as entity_level,
        {{ value or ratio(numerator, denominator) }} as metric_value,
        cast({{ numerator or 'null' }} as {{ type_count() }}) as numerator,
        cast({{ denominator }} as {{ type_count() }}) as denominator,
        period_start,
        period_end,
        release_status,
        source_file,
        is_example
    from rtt_metrics
    where
        rtt_part_type in (
            {{ quoted(parts) }} -- noqa: LT05
        )
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
