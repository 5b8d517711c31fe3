with measures as (

    select * from {{ ref('silver_mhsds__four_week_waits') }}
    where is_current and not is_aggregate

),

-- A release may repeat periods of an earlier one: the latest counts.
ranked as (

    select
        *,
        dense_rank() over (
            partition by basis, reporting_period_start, reporting_period_end
            order by period_end desc, period_start desc
        ) as release_rank
    from measures

),

final as (

    select
        {{ period_label('reporting_period_start', 'reporting_period_end') }} as period,
        breakdown,
        primary_level,
        coalesce(secondary_level, 'NONE') as secondary_level,
        measure_id,
        measure_name,
        primary_level_description,
        measure_value,
        measure_value_mark,
        reporting_period_start as period_start,
        reporting_period_end as period_end,
        published_status,
        period as release_period,
        release_status,
        is_example,
        file_id,
        source_file,
        source_row
    from ranked
    where release_rank = 1

)

select * from final
