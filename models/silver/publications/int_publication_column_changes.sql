{{ config(materialized='table') }}

with compared as (

    select * from {{ ref('int_publication_columns_compared') }}

),

moves as (

    select * from {{ ref('int_publication_column_moves') }}

),

successions as (

    select * from {{ ref('int_publication_column_successions') }}

),

added as (

    select
        compared.*,
        coalesce(successions.change, 'added') as change,
        successions.previous_column_name,
        successions.previous_published_name as name_before,
        successions.previous_value_kind as kind_before,
        compared.is_as_mapped as is_accepted
    from compared
    left join successions
        on compared.source_table = successions.source_table
        and compared.period_start = successions.period_start
        and compared.period_end = successions.period_end
        and compared.column_name = successions.column_name
    where compared.presence = 'added'

),

dropped as (

    select compared.*
    from compared
    left join successions
        on compared.source_table = successions.source_table
        and compared.period_start = successions.period_start
        and compared.period_end = successions.period_end
        and compared.column_name = successions.previous_column_name
    where compared.presence = 'dropped' and successions.column_name is null

),

moved as (

    select compared.*
    from compared
    inner join moves
        on compared.source_table = moves.source_table
        and compared.period_start = moves.period_start
        and compared.period_end = moves.period_end
        and compared.column_name = moves.column_name

),

-- The map says how a column is called, so a rename is as mapped. Order and type are no
-- part of it: they are accepted when the map was reviewed for this period.
final as (

    select
        source_table,
        period_start,
        period_end,
        previous_start,
        previous_end,
        change,
        column_name,
        previous_column_name,
        name_before as previous_published_name,
        present_published_name,
        kind_before as previous_value_kind,
        present_value_kind,
        is_accepted
    from added
    union all
    select
        source_table,
        period_start,
        period_end,
        previous_start,
        previous_end,
        'dropped' as change,
        column_name,
        null as previous_column_name,
        previous_published_name,
        present_published_name,
        previous_value_kind,
        present_value_kind,
        is_as_mapped as is_accepted
    from dropped
    union all
    select
        source_table,
        period_start,
        period_end,
        previous_start,
        previous_end,
        'renamed' as change,
        column_name,
        null as previous_column_name,
        previous_published_name,
        present_published_name,
        previous_value_kind,
        present_value_kind,
        is_as_mapped as is_accepted
    from compared
    where presence = 'kept' and previous_clean_name != present_clean_name
    union all
    select
        source_table,
        period_start,
        period_end,
        previous_start,
        previous_end,
        'moved' as change,
        column_name,
        null as previous_column_name,
        previous_published_name,
        present_published_name,
        previous_value_kind,
        present_value_kind,
        is_table_reviewed as is_accepted
    from moved
    union all
    select
        source_table,
        period_start,
        period_end,
        previous_start,
        previous_end,
        'type changed' as change,
        column_name,
        null as previous_column_name,
        previous_published_name,
        present_published_name,
        previous_value_kind,
        present_value_kind,
        is_table_reviewed as is_accepted
    from compared
    where
        presence = 'kept'
        and previous_value_kind in ('number', 'text', 'date')
        and present_value_kind in ('number', 'text', 'date')
        and (previous_value_kind = 'number') != (present_value_kind = 'number')

)

select * from final
