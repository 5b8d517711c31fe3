{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with occurrences as (

    select * from {{ ref('pattern_occurrences') }}

),

characteristics as (

    select * from {{ ref('int_pattern_characteristics') }}

),

sums as (

    select
        pattern_signature,
        count(*) as occurrence_count,
        sum(case when is_success then 1 else 0 end) as success_count,
        sum(case when has_error then 1 else 0 end) as error_count,
        cast(
            sum(cast(retry_count as {{ type_large() }})) as {{ type_large() }}
        ) as retry_count,
        count(total_tokens) as tokens_known_count,
        sum(total_tokens) as total_tokens,
        count(cost_usd) as cost_known_count,
        sum(case when cost_quality = 'actual' then 1 else 0 end) as cost_actual_count,
        sum(cost_usd) as total_cost_usd,
        count(duration_seconds) as duration_count,
        avg(duration_seconds) as avg_duration_seconds,
        {{ exact_variance('duration_seconds') }} as duration_variance,
        min(seen_at) as first_seen,
        max(seen_at) as last_seen
    from occurrences
    group by pattern_signature

),

averages as (

    select
        *,
        -- Exact: a fraction of a token decides what is rounded down.
        cast(
            floor(total_tokens / nullif(tokens_known_count, 0)) as {{ type_large() }}
        ) as avg_tokens,
        cast(
            total_cost_usd / nullif(cost_known_count, 0) as {{ type_usd() }}
        ) as avg_cost_usd,
        cast(error_count as {{ type_exact() }}) / occurrence_count as avg_error_count,
        cast(retry_count as {{ type_exact() }}) / occurrence_count as avg_retry_count
    from sums

),

scored as (

    select
        *,
        {{ confidence_frequency('occurrence_count') }} as confidence_frequency,
        {{ confidence_consistency('duration_count', 'duration_variance') }}
            as confidence_consistency,
        {{ confidence_success('avg_error_count', 'avg_retry_count') }}
            as confidence_success,
        {{ pattern_confidence(
            'occurrence_count', 'occurrence_count', 'duration_count',
            'duration_variance', 'avg_error_count', 'avg_retry_count'
        ) }} as confidence_score
    from averages

),

final as (

    select
        scored.pattern_signature,
        {{ first_part('scored.pattern_signature') }} as pattern_type,
        scored.occurrence_count,
        scored.confidence_score,
        scored.confidence_frequency,
        scored.confidence_consistency,
        scored.confidence_success,
        scored.success_count,
        scored.error_count,
        scored.retry_count,
        scored.avg_error_count,
        scored.avg_retry_count,
        scored.tokens_known_count,
        scored.total_tokens,
        scored.avg_tokens,
        scored.cost_known_count,
        scored.cost_actual_count,
        case
            when scored.cost_known_count = 0 then 'unknown'
            when scored.cost_actual_count = scored.cost_known_count then 'actual'
            when scored.cost_actual_count = 0 then 'estimated'
            else 'mixed'
        end as cost_quality,
        scored.total_cost_usd,
        scored.avg_cost_usd,
        scored.duration_count,
        scored.avg_duration_seconds,
        scored.duration_variance,
        scored.first_seen,
        scored.last_seen,
        characteristics.typical_input_pattern
    from scored
    left join characteristics
        on scored.pattern_signature = characteristics.pattern_signature

)

select * from final
