{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with windows as (

    select * from {{ ref('int_tool_windows') }}

),

steps as (

    select * from {{ ref('int_tool_steps') }}

),

exclusions as (

    select * from {{ ref('pattern_exclusion_rules') }}

),

-- A source that can say false means something when it says true.
telling_sources as (

    select distinct source_app from steps
    where evidence = 'said_failure'

),

sequences as (

    select
        windows.tool_sequence,
        sum(windows.occurrence_count) as occurrence_count,
        sum(windows.session_count) as session_count,
        sum(windows.failure_count) as failure_count,
        sum(
            windows.success_count
            + case
                when telling_sources.source_app is not null
                    then windows.said_success_count
                else 0
            end
        ) as success_count,
        min(windows.first_seen) as first_seen,
        max(windows.last_seen) as last_seen
    from windows
    left join telling_sources
        on windows.source_app = telling_sources.source_app
    group by windows.tool_sequence

),

tool_counts as (

    select
        sequences.tool_sequence,
        tools.tool,
        count(*) as tool_count
    from sequences
    cross join {{ tools_in('sequences.tool_sequence', 'tools') }}
    group by sequences.tool_sequence, tools.tool

),

-- One row per sequence: which tools occur, and how often those that matter.
profiles as (

    select
        tool_sequence,
        count(*) as distinct_tool_count,
        sum(tool_count) as window_length,
        max(case when tool = 'Read' then tool_count else 0 end) as read_count,
        max(case when tool = 'Edit' then 1 else 0 end) as has_edit,
        max(case when tool = 'Grep' then 1 else 0 end) as has_grep,
        max(case when tool = 'Bash' then 1 else 0 end) as has_bash,
        max(case when tool = 'TodoWrite' then 1 else 0 end) as has_todo
    from tool_counts
    group by tool_sequence

),

-- How each rule fares: all of its `all` tools, one of `any`, no tool but `only`.
rule_results as (

    select
        profiles.tool_sequence,
        exclusions.rule_id,
        exclusions.priority,
        profiles.distinct_tool_count,
        max(exclusions.max_distinct) as max_distinct,
        sum(
            case
                when exclusions.requirement = 'all' and tool_counts.tool is null then 1
                else 0
            end
        ) as missing_count,
        sum(case when exclusions.requirement = 'any' then 1 else 0 end) as any_count,
        sum(
            case
                when exclusions.requirement = 'any' and tool_counts.tool is not null
                    then 1
                else 0
            end
        ) as any_met_count,
        sum(case when exclusions.requirement = 'only' then 1 else 0 end) as only_count,
        sum(
            case
                when exclusions.requirement = 'only' and tool_counts.tool is not null
                    then 1
                else 0
            end
        ) as only_met_count
    from profiles
    cross join exclusions
    left join tool_counts
        on profiles.tool_sequence = tool_counts.tool_sequence
        and exclusions.tool = tool_counts.tool
        and exclusions.min_count <= tool_counts.tool_count
        and exclusions.max_count >= tool_counts.tool_count
    group by
        profiles.tool_sequence,
        exclusions.rule_id,
        exclusions.priority,
        profiles.distinct_tool_count

),

excluded as (

    select
        tool_sequence,
        rule_id,
        row_number() over (partition by tool_sequence order by priority) as hit
    from rule_results
    where
        missing_count = 0
        and (any_count = 0 or any_met_count > 0)
        and (only_count = 0 or only_met_count = distinct_tool_count)
        and distinct_tool_count <= max_distinct

),

final as (

    select
        sequences.tool_sequence,
        cast(profiles.window_length as {{ type_whole() }}) as window_length,
        cast(sequences.occurrence_count as {{ type_large() }}) as occurrence_count,
        cast(sequences.session_count as {{ type_large() }}) as session_count,
        cast(profiles.distinct_tool_count as {{ type_whole() }}) as distinct_tool_count,
        {{ sequence_category('profiles') | indent(8) }} as category,
        excluded.rule_id as exclusion_rule,
        sequences.occurrence_count >= {{ var('sequence_reported_from', 10) }}
            as is_reported,
        sequences.occurrence_count >= {{ var('sequence_high_from', 50) }} as is_high,
        excluded.rule_id is null
        and sequences.occurrence_count >= {{ var('sequence_high_from', 50) }}
        and profiles.has_bash = 1 as is_flagged,
        cast(sequences.success_count as {{ type_large() }}) as success_count,
        cast(sequences.failure_count as {{ type_large() }}) as failure_count,
        cast(
            sequences.occurrence_count
            - sequences.success_count
            - sequences.failure_count as {{ type_large() }}
        ) as unknown_outcome_count,
        sequences.first_seen,
        sequences.last_seen
    from sequences
    inner join profiles
        on sequences.tool_sequence = profiles.tool_sequence
    left join excluded
        on sequences.tool_sequence = excluded.tool_sequence
        and excluded.hit = 1

)

select * from final
