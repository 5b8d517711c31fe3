with metrics as (

    select * from {{ ref('silver_oversight__metrics') }}
    where is_current

),

metric_catalogue as (

    select * from {{ ref('metric_catalogue') }}
    where domain = 'oversight'

),

reporting_dates as (

    select * from {{ ref('oversight_reporting_dates') }}

),

oversight_regions as (

    select * from {{ ref('oversight_regions') }}

),

-- A blank date means the quarter; a reviewed one without an end runs to the quarter's.
dated as (

    select
        metrics.*,
        case
            when metrics.reporting_date is null then metrics.quarter_start
            else reporting_dates.period_start
        end as period_start,
        case
            when metrics.reporting_date is null then metrics.quarter_end
            when reporting_dates.period_start is not null
                then coalesce(reporting_dates.period_end, metrics.quarter_end)
        end as period_end,
        case
            when metrics.reporting_date is null then 'quarter'
            else reporting_dates.period_grain
        end as period_grain,
        reporting_dates.period_start is not null
        and reporting_dates.period_end is null as is_open_ended
    from metrics
    left join reporting_dates
        on metrics.reporting_date_key = reporting_dates.spelling_key

),

final as (

    select
        dated.quarter,
        dated.org_code,
        coalesce(
            metric_catalogue.metric_id,
            {{ unreviewed_metric_id('dated.published_metric_id', 'dated.unit') }}
        ) as metric_id,
        dated.published_metric_id,
        dated.org_name,
        coalesce(metric_catalogue.metric_label, dated.metric_description)
            as metric_label,
        coalesce(
            metric_catalogue.metric_family,
            {{ oversight_family('dated.published_metric_id') }}
        ) as metric_family,
        dated.domain,
        dated.sub_domain,
        dated.unit,
        dated.reporting_date,
        case
            when dated.period_grain = 'month'
                then {{ month_label('dated.period_start') }}
            when dated.period_grain = 'quarter'
                then {{ quarter_label('dated.period_start') }}
            when dated.is_open_ended
                then dated.reporting_date || ' (' || dated.quarter || ')'
            else dated.reporting_date
        end as period_label,
        dated.period_grain,
        oversight_regions.region_name,
        dated.region_as_published,
        dated.trust_type,
        dated.trust_subtype,
        dated.value,
        dated.median_value,
        dated.lower_quartile,
        dated.upper_quartile,
        dated.published_rank,
        metric_catalogue.higher_is_better,
        metric_catalogue.metric_id is not null as is_reviewed,
        dated.period_start,
        dated.period_end,
        dated.release_status,
        dated.source_file,
        dated.source_row,
        dated.is_example
    from dated
    left join metric_catalogue
        on dated.published_metric_id = metric_catalogue.published_metric_id
        and dated.unit = metric_catalogue.published_unit
    left join oversight_regions
        on dated.region_key = oversight_regions.published_region_key

)

select * from final
