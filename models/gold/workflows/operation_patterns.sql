with statistics as (

    select * from {{ ref('pattern_statistics') }}

),

occurrences as (

    select * from {{ ref('pattern_occurrences') }}

),

workflows as (

    select * from {{ ref('silver_workflows__history') }}

),

decisions as (

    select * from {{ ref('pattern_life_cycle') }}
    where is_current

),

-- A rejection is no status of the life: the one before it stays.
statuses as (

    select
        pattern_signature,
        case
            when automation_status != 'rejected' then automation_status
            when status_before != 'rejected' then status_before
            else 'detected'
        end as automation_status,
        automation_status = 'rejected' as is_rejected,
        reviewed_by,
        reviewed_at,
        review_reason
    from decisions

),

{{ pattern_window('workflows') }},

in_window as (

    select
        occurrences.pattern_signature,
        count(*) as window_count,
        avg(occurrences.cost_usd / occurrences.pattern_count) as avg_shared_cost_usd
    from occurrences
    cross join observed
    where {{ in_pattern_window('occurrences.seen_at', 'observed') | indent(8) }}
    group by occurrences.pattern_signature

),

priced as (

    select
        statistics.*,
        observed.window_start,
        observed.window_end,
        observed.window_days,
        coalesce(in_window.window_count, 0) as window_count,
        in_window.avg_shared_cost_usd,
        cast(
            floor(statistics.avg_tokens * {{ share_with_tool() }}) as {{ type_large() }}
        ) as avg_tokens_with_tool,
        statistics.avg_cost_usd * {{ share_with_tool() }} as avg_cost_with_tool,
        case
            when statistics.avg_cost_usd is null then 'no cost is known'
            when observed.window_days is null then 'no workflow has a date'
            when observed.window_days < {{ var('pattern_min_window_days', 7) }}
                then {{ short_window_note('observed.window_days') }}
        end as savings_note
    from statistics
    cross join observed
    left join in_window
        on statistics.pattern_signature = in_window.pattern_signature

),

final as (

    select
        priced.pattern_signature,
        priced.pattern_type,
        priced.occurrence_count,
        priced.confidence_score,
        priced.confidence_frequency,
        priced.confidence_consistency,
        priced.confidence_success,
        priced.avg_tokens as avg_tokens_with_llm,
        priced.avg_cost_usd as avg_cost_with_llm,
        priced.avg_tokens_with_tool,
        priced.avg_cost_with_tool,
        case
            when priced.savings_note is null
                then {{ monthly_rate(
                    '(priced.avg_cost_usd - priced.avg_cost_with_tool)',
                    'priced.window_count', 'priced.window_days'
                ) }}
        end as potential_monthly_savings,
        case
            when priced.savings_note is null
                then {{ monthly_rate(
                    'priced.avg_shared_cost_usd * (1 - ' ~ share_with_tool() ~ ')',
                    'priced.window_count', 'priced.window_days'
                ) }}
        end as potential_monthly_savings_shared,
        (priced.avg_cost_usd - priced.avg_cost_with_tool) * priced.occurrence_count
            as potential_monthly_savings_compat,
        priced.savings_note,
        priced.window_start,
        priced.window_end,
        priced.window_days,
        priced.cost_quality,
        priced.cost_known_count,
        priced.success_count,
        priced.avg_duration_seconds,
        coalesce(statuses.automation_status, 'detected') as automation_status,
        coalesce(statuses.is_rejected, false) as is_rejected,
        statuses.reviewed_by,
        statuses.reviewed_at,
        statuses.review_reason,
        priced.first_seen as created_at,
        priced.last_seen,
        priced.typical_input_pattern
    from priced
    left join statuses
        on priced.pattern_signature = statuses.pattern_signature

)

select * from final
