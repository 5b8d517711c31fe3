{{ config(materialized='table') }}

with columns_in_force as (

    select * from {{ ref('silver_publications__columns') }}

),

periods_of_publications as (

    select
        publication,
        period_start,
        period_end,
        lag(period_start) over (
            partition by publication order by period_end, period_start
        ) as publication_previous_start,
        lag(period_end) over (
            partition by publication order by period_end, period_start
        ) as publication_previous_end
    from columns_in_force
    group by publication, period_start, period_end

),

periods_of_tables as (

    select
        publication,
        source_table,
        period_start,
        period_end,
        lag(period_start) over (
            partition by source_table order by period_end, period_start
        ) as previous_start,
        lag(period_end) over (
            partition by source_table order by period_end, period_start
        ) as previous_end
    from columns_in_force
    group by publication, source_table, period_start, period_end

),

final as (

    select
        periods_of_tables.*,
        periods_of_publications.publication_previous_start,
        periods_of_publications.publication_previous_end
    from periods_of_tables
    inner join periods_of_publications
        on periods_of_tables.publication = periods_of_publications.publication
        and periods_of_tables.period_start = periods_of_publications.period_start
        and periods_of_tables.period_end = periods_of_publications.period_end

)

select * from final
