{{ config(materialized='table') }}

with editions as (

    select * from {{ ref('int_publication_editions') }}

),

own as (

    select
        table_key,
        coalesce(position_1, 0) as position_1,
        coalesce(position_2, 0) as position_2,
        coalesce(position_3, 0) as position_3
    from editions
    where has_own_period and tables_of_series > 1

),

texts as (

    {% for width in landed_widths() -%}
    {{ own_period_texts('own', width) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

distinct_texts as (

    select
        table_key,
        text_1,
        text_2,
        text_3
    from texts
    group by table_key, text_1, text_2, text_3

),

dated as (

    select
        *,
        {{ published_date('text_1') }} as date_1,
        {{ published_date('text_2') }} as date_2
    from distinct_texts

),

-- Excel takes a typed 'Sep-24' for 24 September of the year: where every date is the
-- first of a month or has the year for its day, the column is one of months.
judged as (

    select
        *,
        least(date_1, date_2) as first_date,
        greatest(date_1, date_2) as last_date,
        max(
            case
                when extract(day from date_1) in (1, extract(year from date_1) - 2000)
                    then 0
                else 1
            end
        ) over (partition by table_key) = 0 as has_months
    from dated

),

own_periods as (

    select
        table_key,
        text_1,
        text_2,
        text_3,
        case
            when text_3 is not null or date_1 is null
                then lower(
                    coalesce(text_1, '') || coalesce(' ' || text_2, '')
                    || coalesce(' ' || text_3, '')
                )
            when date_2 is not null
                then {{ period_label('first_date', 'last_date') }}
            when text_2 is not null then {{ as_text('date_1') }} || ' ' || lower(text_2)
            when has_months then {{ month_label('date_1') }}
            else {{ as_text('date_1') }}
        end as period
    from judged

),

-- What rows are compared over: their own period whatever the file's, else the file's.
periods as (

    select
        editions.*,
        own_periods.text_1,
        own_periods.text_2,
        own_periods.text_3,
        own_periods.period as compared_period
    from editions
    inner join own_periods
        on editions.table_key = own_periods.table_key
    union all
    select
        editions.*,
        null as text_1,
        null as text_2,
        null as text_3,
        editions.period as compared_period
    from editions
    where not editions.has_own_period and editions.tables_of_period > 1

),

ordered as (

    select
        *,
        dense_rank() over (
            partition by source_table, basis, is_example, compared_period
            order by period_end asc, period_start asc, vintage_rank desc, file_id asc
        ) as edition_number
    from periods

),

final as (

    select
        table_key,
        text_1,
        text_2,
        text_3,
        source_table,
        basis,
        is_example,
        compared_period,
        file_id,
        edition_number,
        column_count,
        position_1,
        position_2,
        position_3,
        max(edition_number) over (
            partition by source_table, basis, is_example, compared_period
        ) as edition_count
    from ordered

)

select * from final
