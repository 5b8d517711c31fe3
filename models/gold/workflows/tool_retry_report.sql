with steps as (

    select * from {{ ref('int_tool_steps') }}

),

sources as (

    select
        source_app,
        count(*) as step_count,
        sum(case when evidence in ('failure', 'said_failure') then 1 else 0 end)
            as failure_count,
        max(case when evidence = 'said_failure' then 1 else 0 end) as is_telling,
        sum(
            case when evidence in ('none', 'said_success') then 1 else 0 end
        ) as unproven_count,
        sum(case when evidence = 'none' then 1 else 0 end) as silent_count
    from steps
    group by source_app

),

failing_sessions as (

    select distinct session_number from steps
    where
        tool_name = 'Bash'
        and evidence in ('failure', 'said_failure')

),

-- Between two commands stand the steps that follow the first.
numbered as (

    select
        steps.*,
        sum(case when steps.tool_name = 'Bash' then 1 else 0 end) over (
            partition by steps.session_number
            order by steps.step_at nulls last, steps.table_key, steps.source_row
            rows between unbounded preceding and current row
        ) as command_number,
        row_number() over (
            partition by steps.session_number
            order by steps.step_at nulls last, steps.table_key, steps.source_row
        ) as step_number
    from steps
    inner join failing_sessions
        on steps.session_number = failing_sessions.session_number

),

commands as (

    select
        numbered.source_app,
        numbered.session_number,
        numbered.command_number,
        numbered.evidence in ('failure', 'said_failure') as has_failed,
        numbered.evidence = 'success'
        or (numbered.evidence = 'said_success' and sources.is_telling = 1)
            as has_succeeded,
        numbered.failed_command as command
    from numbered
    inner join sources
        on numbered.source_app = sources.source_app
    where numbered.tool_name = 'Bash'

),

fixes as (

    select
        session_number,
        command_number,
        {{ tool_list('tool_name', 'step_number') }} as fix_sequence,
        max(
            case when tool_name in ('Read', 'Grep', 'Edit', 'Write') then 0 else 1 end
        ) as has_other_tool
    from numbered
    where tool_name != 'Bash'
    group by session_number, command_number

),

chains as (

    select
        failed.source_app,
        coalesce(failed.command, '(not recorded)') as command,
        fixes.fix_sequence,
        count(*) as chain_count
    from commands as failed
    inner join fixes
        on failed.session_number = fixes.session_number
        and failed.command_number = fixes.command_number
    inner join commands as retried
        on failed.session_number = retried.session_number
        and failed.command_number + 1 = retried.command_number
    where
        failed.has_failed
        and retried.has_succeeded
        and fixes.has_other_tool = 0
    group by failed.source_app, failed.command, fixes.fix_sequence

),

by_command as (

    select
        source_app,
        command,
        sum(chain_count) as chain_count,
        max(chain_count) as most_common_count
    from chains
    group by source_app, command

),

most_common as (

    select
        *,
        row_number() over (
            partition by source_app, command order by chain_count desc, fix_sequence asc
        ) as place
    from chains

),

-- A source without any chain keeps one row, which says why.
final as (

    select
        sources.source_app,
        {{ as_text("coalesce(by_command.command, '(none)')") }} as command,
        cast(coalesce(by_command.chain_count, 0) as {{ type_large() }}) as chain_count,
        {{ as_text('most_common.fix_sequence') }} as fix_sequence,
        {{ ratio('by_command.most_common_count', 'by_command.chain_count') }}
            as fix_sequence_pct,
        coalesce(
            by_command.chain_count >= 3
            and by_command.most_common_count >= 0.7 * by_command.chain_count,
            false
        ) as is_deterministic,
        cast(sources.step_count as {{ type_large() }}) as step_count,
        cast(sources.failure_count as {{ type_large() }}) as failure_count,
        cast(
            case sources.is_telling
                when 1 then sources.silent_count
                else sources.unproven_count
            end as {{ type_large() }}
        ) as unknown_outcome_count,
        {{ as_text(
            "case when sources.failure_count = 0 then 'not measurable: no failure was"
            ~ " ever recorded' when by_command.command is null then 'no failure was"
            ~ " followed by a fix and a success' else 'measured' end"
        ) }} as verdict
    from sources
    left join by_command
        on sources.source_app = by_command.source_app
    left join most_common
        on by_command.source_app = most_common.source_app
        and by_command.command = most_common.command
        and most_common.place = 1

)

select * from final
