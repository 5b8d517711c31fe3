with league_table as (

    select * from {{ ref('silver_oversight__league_table') }}
    where is_current

),

reporting_dates as (

    select * from {{ ref('oversight_reporting_dates') }}

),

oversight_regions as (

    select * from {{ ref('oversight_regions') }}

),

final as (

    select
        league_table.quarter,
        league_table.org_code,
        league_table.org_name,
        league_table.trust_type,
        league_table.trust_subtype,
        oversight_regions.region_name,
        league_table.region_as_published,
        league_table.reporting_date,
        league_table.average_score,
        league_table.likely_range_of_average_score,
        league_table.segment,
        league_table.published_rank as rank,
        league_table.likely_range_of_rank,
        league_table.is_in_financial_deficit,
        case
            when league_table.reporting_date is null then league_table.quarter_start
            else reporting_dates.period_start
        end as period_start,
        case
            when league_table.reporting_date is null then league_table.quarter_end
            when reporting_dates.period_start is not null
                then coalesce(reporting_dates.period_end, league_table.quarter_end)
        end as period_end,
        league_table.release_status,
        league_table.source_file,
        league_table.source_row,
        league_table.is_example
    from league_table
    left join reporting_dates
        on league_table.reporting_date_key = reporting_dates.spelling_key
    left join oversight_regions
        on league_table.region_key = oversight_regions.published_region_key

)

select * from final
