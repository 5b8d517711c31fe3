with map_columns as (

    select * from {{ source('raw_publications', 'map_columns') }}

),

final as (

    select
        publication,
        table_name,
        publication || '__' || table_name as source_table,
        column_name,
        unit,
        note,
        clean_name,
        period_from as from_date,
        lead(period_from) over (
            partition by publication, table_name, column_name order by period_from
        ) as until_date,
        -- The first entry of a column speaks for earlier periods, too.
        lag(period_from) over (
            partition by publication, table_name, column_name order by period_from
        ) is null as is_first
    from map_columns

)

select * from final
