with events as (

    select * from {{ ref('int_publication_load_events') }}

),

measured as (

    select
        *,
        {{ ratio('row_count', 'usual_row_count') }} as share_of_usual,
        {{ is_transient_error('error') }} as is_transient
    from events

),

-- The first rule that holds decides. What goes away by itself comes before the rows
-- that it cost.
judged as (

    select
        *,
        case
            when is_transient then 'transient error'
            when error is not null then 'unreadable'
            when row_count = 0 and usual_row_count > 100 then 'no rows'
            when share_of_usual < 0.1 then 'under a tenth of usual'
            when share_of_usual <= 0.5 then 'under half of usual'
            when new_column_count > 3 then 'many new columns'
            when share_of_usual < 0.8 then 'fewer than usual'
            when share_of_usual > 1.2 then 'more than usual'
            when earlier_load_count = 0 then 'first load'
            else 'as usual'
        end as rule_triggered
    from measured

),

final as (

    select
        publication,
        table_name,
        period,
        source_file,
        file_id,
        row_count,
        usual_row_count,
        share_of_usual,
        earlier_load_count,
        new_column_count,
        error,
        rule_triggered,
        case
            when rule_triggered in ('unreadable', 'no rows', 'under a tenth of usual')
                then 'critical'
            when
                rule_triggered in (
                    'transient error', 'under half of usual', 'many new columns'
                )
                then 'warning'
            else 'normal'
        end as status,
        case
            when rule_triggered in ('unreadable', 'no rows', 'under a tenth of usual')
                then 'alert'
            when rule_triggered = 'transient error' then 'retry'
            when rule_triggered in ('under half of usual', 'many new columns')
                then 'investigate'
            else 'none'
        end as action,
        seen_at
    from judged

)

select * from final
