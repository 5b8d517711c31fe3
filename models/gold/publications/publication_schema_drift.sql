with column_changes as (

    select * from {{ ref('int_publication_column_changes') }}

),

table_periods as (

    select * from {{ ref('int_publication_table_periods') }}

),

known_tables as (

    select * from {{ source('raw_publications', 'known_tables') }}

),

changes as (

    select * from column_changes
    union all
    select
        table_periods.source_table,
        table_periods.period_start,
        table_periods.period_end,
        table_periods.publication_previous_start,
        table_periods.publication_previous_end,
        'new table' as change,
        '(all)' as column_name,
        null as previous_column_name,
        null as previous_published_name,
        null as present_published_name,
        null as previous_value_kind,
        null as present_value_kind,
        coalesce(known_tables.is_mapped, false) as is_accepted
    from table_periods
    left join known_tables
        on table_periods.source_table = known_tables.view_name
    where
        table_periods.previous_end is null
        and table_periods.publication_previous_end is not null

),

final as (

    select
        {{ publication_of('source_table') }} as publication,
        {{ table_of('source_table') }} as table_name,
        {{ period_label('period_start', 'period_end') }} as period,
        change,
        column_name,
        previous_column_name,
        previous_published_name,
        present_published_name,
        previous_value_kind,
        present_value_kind,
        {{ period_label('previous_start', 'previous_end') }} as previous_period,
        period_start,
        period_end,
        coalesce(is_accepted, false) as is_accepted,
        case
            when not coalesce(is_accepted, false)
                then {{ accept_command('source_table') }}
        end as next_command
    from changes

)

select * from final
