{{ config(materialized='table') }}

with columns_in_force as (

    select * from {{ ref('silver_publications__columns') }}

),

column_map as (

    select * from {{ ref('silver_publications__column_map') }}

),

table_periods as (

    select * from {{ ref('int_publication_table_periods') }}
    where previous_end is not null

),

present as (

    select
        columns_in_force.*,
        table_periods.previous_start,
        table_periods.previous_end
    from table_periods
    inner join columns_in_force
        on table_periods.source_table = columns_in_force.source_table
        and table_periods.period_start = columns_in_force.period_start
        and table_periods.period_end = columns_in_force.period_end

),

previous as (

    select
        columns_in_force.*,
        table_periods.period_start as next_start,
        table_periods.period_end as next_end
    from table_periods
    inner join columns_in_force
        on table_periods.source_table = columns_in_force.source_table
        and table_periods.previous_start = columns_in_force.period_start
        and table_periods.previous_end = columns_in_force.period_end

),

compared as (

    select
        coalesce(present.publication, previous.publication) as publication,
        coalesce(present.table_name, previous.table_name) as table_name,
        coalesce(present.source_table, previous.source_table) as source_table,
        coalesce(present.column_name, previous.column_name) as column_name,
        coalesce(present.period_start, previous.next_start) as period_start,
        coalesce(present.period_end, previous.next_end) as period_end,
        coalesce(present.previous_start, previous.period_start) as previous_start,
        coalesce(present.previous_end, previous.period_end) as previous_end,
        previous.column_position as previous_position,
        previous.published_name as previous_published_name,
        previous.clean_name as previous_clean_name,
        previous.value_kind as previous_value_kind,
        present.column_position as present_position,
        present.published_name as present_published_name,
        present.clean_name as present_clean_name,
        present.value_kind as present_value_kind,
        case
            when previous.column_name is null then 'added'
            when present.column_name is null then 'dropped'
            else 'kept'
        end as presence
    from present
    full join previous
        on present.source_table = previous.source_table
        and present.period_start = previous.next_start
        and present.period_end = previous.next_end
        and present.column_name = previous.column_name

),

-- Somebody looked at the map of the table since the period before.
reviewed as (

    select
        compared.source_table,
        compared.period_start,
        compared.period_end
    from compared
    inner join column_map
        on compared.source_table = column_map.source_table
        and compared.previous_start < column_map.from_date
        and compared.period_start >= column_map.from_date
    group by compared.source_table, compared.period_start, compared.period_end

),

final as (

    select
        compared.*,
        column_map.unit,
        column_map.note,
        column_map.column_name is not null as is_mapped,
        column_map.column_name is not null
        and coalesce(column_map.clean_name, '')
        = coalesce(compared.present_clean_name, '') as is_as_mapped,
        reviewed.source_table is not null as is_table_reviewed
    from compared
    left join column_map
        on compared.source_table = column_map.source_table
        and compared.column_name = column_map.column_name
        and (
            column_map.is_first or compared.period_start >= column_map.from_date
        )
        and compared.period_start < coalesce(
            column_map.until_date, {{ end_of_time() }}
        )
    left join reviewed
        on compared.source_table = reviewed.source_table
        and compared.period_start = reviewed.period_start
        and compared.period_end = reviewed.period_end

)

select * from final
