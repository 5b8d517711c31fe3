with savings as (

    select * from {{ ref('silver_workflows__savings') }}
    where optimization_type in ('tool_call', 'pattern_offload')

),

patterns as (

    select * from {{ ref('pattern_statistics') }}

),

runs as (

    select
        coalesce(savings.pattern_signature, '(none)') as pattern_signature,
        savings.baseline_tokens,
        savings.actual_tokens,
        savings.baseline_tokens > 0 and savings.actual_tokens >= 0 as has_tokens,
        savings.cost_saved_usd,
        patterns.avg_cost_usd as model_cost_usd,
        savings.cost_saved_usd is not null and patterns.avg_cost_usd > 0 as has_cost
    from savings
    left join patterns
        on savings.pattern_signature = patterns.pattern_signature

),

-- The whole is summed from the runs: shares are not averaged.
both_levels as (

    select * from runs
    union all
    select
        '(all)' as pattern_signature,
        baseline_tokens,
        actual_tokens,
        has_tokens,
        cost_saved_usd,
        model_cost_usd,
        has_cost
    from runs

),

listed as (

    select pattern_signature from both_levels
    union
    select pattern_signature from patterns
    union
    select '(all)' as pattern_signature

),

summed as (

    select
        listed.pattern_signature,
        count(both_levels.pattern_signature) as run_count,
        sum(case when both_levels.has_tokens then 1 else 0 end) as measured_count,
        sum(case when both_levels.has_tokens then both_levels.baseline_tokens end)
            as baseline_tokens,
        sum(case when both_levels.has_tokens then both_levels.actual_tokens end)
            as actual_tokens,
        sum(case when both_levels.has_cost then both_levels.cost_saved_usd end)
            as cost_saved_usd,
        sum(case when both_levels.has_cost then both_levels.model_cost_usd end)
            as model_cost_usd
    from listed
    left join both_levels
        on listed.pattern_signature = both_levels.pattern_signature
    group by listed.pattern_signature

),

shares as (

    select
        *,
        1 - {{ ratio('actual_tokens', 'baseline_tokens') }} as observed_token_share,
        {{ ratio('cost_saved_usd', 'model_cost_usd') }} as observed_cost_share,
        cast({{ var('tool_savings_share', 0.95) }} as {{ type_ratio() }})
            as assumed_share,
        cast({{ var('tool_savings_tolerance', 0.05) }} as {{ type_ratio() }})
            as tolerance
    from summed

),

final as (

    select
        pattern_signature,
        run_count,
        measured_count,
        baseline_tokens,
        actual_tokens,
        observed_token_share,
        observed_cost_share,
        assumed_share,
        case
            when measured_count < {{ var('tool_savings_min_runs', 3) }}
                then 'not measurable'
            when observed_token_share >= assumed_share - tolerance then 'supported'
            else 'contradicted'
        end as verdict
    from shares

)

select * from final
