with publications as (

    select * from {{ source('raw_publications', 'publications') }}

),

vintages as (

    select * from {{ ref('silver_publications__vintages') }}
    where is_current

),

spans as (

    select
        publication,
        min(period_start) as first_loaded_start
    from vintages
    group by publication

),

-- Registered publications come in months, quarters or financial years; those without a
-- first period begin with the first one loaded, or with the last that is out.
schedules as (

    select
        publications.publication,
        {{ months_of_frequency('publications.frequency') }} as period_months,
        coalesce(publications.lag_weeks, 0) as lag_weeks,
        coalesce(publications.offset_months, 0) as offset_months,
        coalesce(
            publications.first_period, spans.first_loaded_start, {{ as_of_date() }}
        ) as first_start
    from publications
    left join spans
        on publications.publication = spans.publication
    where
        publications.is_registered
        and {{ months_of_frequency('publications.frequency') }} is not null

),

spine as (

    {{ month_spine('schedules') }}

),

expected as (

    select
        schedules.publication,
        spine.month_start as period_start,
        {{ last_of_months('spine.month_start', 'schedules.period_months') }}
            as period_end,
        schedules.lag_weeks,
        schedules.offset_months
    from schedules
    inner join spine
        on schedules.publication = spine.publication
    where
        {{ begins_period('spine.month_start', 'schedules.period_months') }}
        and {{ last_of_months('spine.month_start', 'schedules.period_months') }}
        < {{ as_of_date() }}

),

final as (

    select
        publication,
        period_start,
        period_end,
        {{ due_date('period_start', 'period_end', 'lag_weeks', 'offset_months') }}
            as expected_by
    from expected

)

select * from final
