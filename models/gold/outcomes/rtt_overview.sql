with overview_values as (

    select * from {{ ref('silver_rtt__overview_values') }}
    where is_current and is_known

),

parts as (

    select * from {{ ref('rtt_parts') }}

),

pivoted as (

    select
        period,
        rtt_part_type,
        is_adjusted,
        {{ overview_count('total_count') }} as total_count,
        {%- for measure in ['within_18', 'over_18', 'over_52', 'over_65', 'over_78', 'over_104'] %}
        {{ overview_count(measure ~ '_weeks_count') }} as {{ measure }}_weeks_count,
        {%- endfor %}
        {{ overview_measure('pct_within_18_weeks') }} as pct_within_18_weeks,
        {{ overview_measure('pct_over_52_weeks') }} as pct_over_52_weeks,
        {%- for measure in ['median', 'p92', 'p95'] %}
        {{ overview_measure(measure ~ '_wait_weeks') }} as {{ measure }}_wait_weeks,
        {%- endfor %}
        coalesce(
            {{ overview_measure('p92_wait_weeks', column="nullif(value_mark, '-')") }},
            {{ overview_measure('p95_wait_weeks', column="nullif(value_mark, '-')") }}
        ) as percentile_mark,
        {{ overview_count('total_count', true) }} as total_with_estimates_count,
        {%- for measure in ['within_18', 'over_18', 'over_52', 'over_65', 'over_78', 'over_104'] %}
        {{ overview_count(measure ~ '_weeks_count', true) }}
        as {{ measure }}_weeks_with_estimates_count,
        {%- endfor %}
        {{ overview_measure('pct_within_18_weeks', true) }}
        as pct_within_18_weeks_with_estimates,
        {{ overview_measure('pct_over_52_weeks', true) }} as pct_over_52_weeks_with_estimates,
        {{ overview_measure('unique_patient_ratio') }} as unique_patient_ratio,
        {{ overview_count('unique_patient_count') }} as unique_patient_count,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(source_sheet) as source_sheet,
        max(source_row) as source_row,
        max(case when is_example then 1 else 0 end) = 1 as is_example,
        max(published_value) as any_value
    from overview_values
    group by period, rtt_part_type, is_adjusted

),

-- Months before a part was collected hold nothing but signs.
final as (

    select
        pivoted.period,
        pivoted.rtt_part_type,
        parts.rtt_part_name,
        pivoted.is_adjusted,
        case when parts.pathway_kind = 'incomplete' then pivoted.total_count end
        as waiting_list_count,
        case when parts.pathway_kind = 'completed' then pivoted.total_count end
        as completed_count,
        case when parts.pathway_kind = 'new_periods' then pivoted.total_count end
        as new_periods_count,
        pivoted.within_18_weeks_count,
        pivoted.over_18_weeks_count,
        pivoted.over_52_weeks_count,
        pivoted.over_65_weeks_count,
        pivoted.over_78_weeks_count,
        pivoted.over_104_weeks_count,
        pivoted.pct_within_18_weeks,
        pivoted.pct_over_52_weeks,
        pivoted.median_wait_weeks,
        pivoted.p92_wait_weeks,
        pivoted.p95_wait_weeks,
        pivoted.percentile_mark,
        pivoted.total_with_estimates_count,
        pivoted.within_18_weeks_with_estimates_count,
        pivoted.over_18_weeks_with_estimates_count,
        pivoted.over_52_weeks_with_estimates_count,
        pivoted.over_65_weeks_with_estimates_count,
        pivoted.over_78_weeks_with_estimates_count,
        pivoted.over_104_weeks_with_estimates_count,
        pivoted.pct_within_18_weeks_with_estimates,
        pivoted.pct_over_52_weeks_with_estimates,
        pivoted.unique_patient_ratio,
        pivoted.unique_patient_count,
        pivoted.period_start,
        pivoted.release_status,
        pivoted.source_file,
        pivoted.source_sheet,
        pivoted.source_row,
        pivoted.is_example
    from pivoted
    inner join parts
        on pivoted.rtt_part_type = parts.rtt_part_type
    where pivoted.any_value is not null

)

select * from final
