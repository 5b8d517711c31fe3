with rtt_overview as (

    select * from {{ ref('rtt_overview') }}
    where not is_adjusted

),

rtt_england as (

    select * from {{ ref('rtt_metrics') }}
    where
        entity_level = 'england'
        and treatment_function_code = 'C_999'
        and not includes_nonc

),

-- The overview prints shares to a thousandth or finer and weeks to a tenth.
final as (

    {% for metric_id, parts, measure, ours, published, tolerance in
        rtt_overview_comparisons() %}
    select
        'rtt' as domain,
        overview.period,
        overview.period_start,
        '{{ metric_id }}' as metric_id,
        overview.rtt_part_type || ', {{ measure }}' as measure,
        cast(overview.{{ published }} as {{ type_ratio() }}) as published_value,
        cast(england.{{ ours }} as {{ type_ratio() }}) as our_value,
        {{ tolerance }} as tolerance,
        'overview' as published_in,
        overview.source_file,
        overview.is_example
    from rtt_overview as overview
    left join rtt_england as england
        on overview.period = england.period
        and overview.rtt_part_type = england.rtt_part_type
    where
        overview.rtt_part_type in (
            {{ quoted(parts) }} -- noqa: LT05
        )
        and overview.{{ published }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
