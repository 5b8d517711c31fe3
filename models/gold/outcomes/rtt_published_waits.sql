with published as (

    select * from {{ ref('silver_rtt__workbook_waits') }}
    where is_current

),

-- The workbooks are taken to leave NONC out, as the statistical press notice does.
metrics as (

    select
        *,
        coalesce(waiting_list_count, completed_count, new_periods_count) as total_count
    from {{ ref('rtt_metrics') }}
    where entity_level in ('provider', 'england') and not includes_nonc

),

compared as (

    select
        published.*,
        metrics.total_count as our_total_count,
        {%- for measure in [
            'unknown_clock_start_count', 'within_18_weeks_count', 'over_52_weeks_count',
            'over_65_weeks_count', 'over_78_weeks_count', 'over_104_weeks_count',
            'median_wait_weeks', 'p92_wait_weeks', 'p95_wait_weeks'
        ] %}
        metrics.{{ measure }} as our_{{ measure }},
        {%- endfor %}
        coalesce(metrics.release_status = published.release_status, false)
            as is_comparable
    from published
    left join metrics
        on published.period = metrics.period
        and published.entity_level = metrics.entity_level
        and published.org_code = metrics.org_code
        and published.rtt_part_type = metrics.rtt_part_type
        and published.treatment_function_code = metrics.treatment_function_code

),

final as (

    select
        period,
        source_table,
        entity_level,
        org_code,
        org_name,
        rtt_part_type,
        treatment_function_code,
        treatment_function_name,
        {%- for measure in [
            'total_count', 'unknown_clock_start_count', 'within_18_weeks_count',
            'over_52_weeks_count', 'over_65_weeks_count', 'over_78_weeks_count',
            'over_104_weeks_count', 'median_wait_weeks', 'p92_wait_weeks',
            'p95_wait_weeks'
        ] %}
        {{ measure }} as published_{{ measure }},
        our_{{ measure }},
        {%- endfor %}
        is_comparable,
        is_comparable
        {%- for measure in [
            'total_count', 'unknown_clock_start_count', 'within_18_weeks_count',
            'over_52_weeks_count', 'over_65_weeks_count', 'over_78_weeks_count',
            'over_104_weeks_count'
        ] %}
        and coalesce({{ same_count(measure, 'our_' ~ measure) }}, false)
        {%- endfor %}
        {%- for measure in ['median_wait_weeks', 'p92_wait_weeks', 'p95_wait_weeks'] %}
        and coalesce({{ same_weeks(measure, 'our_' ~ measure) }}, false)
        {%- endfor %} as is_match,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row,
        is_example
    from compared

)

select * from final
