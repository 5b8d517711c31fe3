{{ config(materialized='table') }}

with compared as (

    select * from {{ ref('int_publication_columns_compared') }}

),

-- The map gives a published name to another column from here on, or ends a column where
-- it begins another in the same place.
candidates as (

    select
        added.source_table,
        added.period_start,
        added.period_end,
        added.column_name,
        dropped.column_name as previous_column_name,
        dropped.previous_published_name,
        dropped.previous_value_kind,
        coalesce(added.unit, '') != coalesce(dropped.unit, '') as has_other_unit,
        row_number() over (
            partition by
                added.source_table,
                added.period_start,
                added.period_end,
                added.column_name
            order by
                case
                    when added.present_clean_name = dropped.previous_clean_name then 1
                    else 2
                end asc,
                dropped.previous_position asc
        ) as candidate_rank
    from compared as added
    inner join compared as dropped
        on added.source_table = dropped.source_table
        and added.period_start = dropped.period_start
        and added.period_end = dropped.period_end
        and (
            added.present_clean_name = dropped.previous_clean_name
            or (
                added.present_position = dropped.previous_position
                and added.is_as_mapped
                and dropped.is_as_mapped
            )
        )
    where added.presence = 'added' and dropped.presence = 'dropped'

),

final as (

    select
        source_table,
        period_start,
        period_end,
        column_name,
        previous_column_name,
        previous_published_name,
        previous_value_kind,
        case
            when has_other_unit then 'unit changed'
            else 'meaning changed'
        end as change
    from candidates
    where candidate_rank = 1

)

select * from final
