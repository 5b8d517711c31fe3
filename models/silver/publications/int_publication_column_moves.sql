{{ config(materialized='table') }}

with kept as (

    select * from {{ ref('int_publication_columns_compared') }}
    where presence = 'kept'

),

neighbours as (

    select
        *,
        coalesce(lag(column_name) over by_previous, '') as left_before,
        coalesce(lead(column_name) over by_previous, '') as right_before,
        coalesce(lag(column_name) over by_present, '') as left_now,
        coalesce(lead(column_name) over by_present, '') as right_now
    from kept
    window
        by_previous as (
            partition by source_table, period_start, period_end
            order by previous_position
        ),
        by_present as (
            partition by source_table, period_start, period_end
            order by present_position
        )

),

judged as (

    select
        *,
        left_before != left_now as has_other_left,
        left_before != left_now and right_before != right_now as has_other_sides,
        max(
            case
                when left_before != left_now and right_before != right_now then 1
                else 0
            end
        ) over (partition by source_table, period_start, period_end) as single_moves
    from neighbours

),

-- A column with other neighbours on both sides has moved. Where whole blocks were moved
-- there is none: those with another one to the left stand for their blocks.
final as (

    select
        source_table,
        period_start,
        period_end,
        column_name
    from judged
    where has_other_sides or (single_moves = 0 and has_other_left)

)

select * from final
