{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with measures as (

    select
        {{ utc_day('seen_at') }} as seen_day,
        coalesce(model_used, '(none)') as model_used,
        coalesce(workflow_template, '(none)') as workflow_template,
        is_finished,
        is_success,
        has_error,
        cost_usd,
        cost_quality,
        total_tokens
    from {{ ref('int_workflow_measures') }}

),

final as (

    select
        seen_day,
        model_used,
        workflow_template,
        count(*) as workflow_count,
        sum(case when is_finished then 1 else 0 end) as finished_count,
        sum(case when is_success then 1 else 0 end) as success_count,
        sum(case when has_error then 1 else 0 end) as failure_count,
        count(cost_usd) as cost_known_count,
        sum(case when cost_quality = 'actual' then 1 else 0 end) as cost_actual_count,
        sum(cost_usd) as total_cost_usd,
        avg(cost_usd) as avg_cost_usd,
        {{ median('cost_usd') }} as median_cost_usd,
        {{ percentile('cost_usd', 0.9) }} as p90_cost_usd,
        count(total_tokens) as tokens_known_count,
        sum(total_tokens) as total_tokens
    from measures
    group by seen_day, model_used, workflow_template

)

select * from final
