with pairs as (

    select * from {{ ref('int_prediction_pairs') }}

),

counted as (

    select
        request_id,
        max(workflow_key) as workflow_key,
        sum(case when is_predicted then 1 else 0 end) as predicted_count,
        sum(case when is_actual then 1 else 0 end) as actual_count,
        sum(case when is_predicted and is_actual then 1 else 0 end) as correct_count,
        sum(case when is_predicted and not is_actual then 1 else 0 end)
            as false_positive_count,
        sum(case when not is_predicted and is_actual then 1 else 0 end)
            as false_negative_count,
        sum(case when is_predicted and was_correct is not null then 1 else 0 end)
            as recorded_count,
        sum(case when is_predicted and was_correct then 1 else 0 end)
            as recorded_correct_count,
        sum(case when is_predicted and was_correct != is_actual then 1 else 0 end)
            as disagreement_count,
        min(predicted_at) as predicted_at
    from pairs
    group by request_id

),

-- What a request showed is known when its workflow has finished; before it is unknown.
final as (

    select
        request_id,
        workflow_key,
        predicted_count,
        case when workflow_key is not null then actual_count end as actual_count,
        case when workflow_key is not null then correct_count end as correct_count,
        case when workflow_key is not null then false_positive_count end
            as false_positive_count,
        case when workflow_key is not null then false_negative_count end
            as false_negative_count,
        case
            when workflow_key is not null
                then coalesce({{ ratio('correct_count', 'predicted_count') }}, 0)
        end as accuracy,
        recorded_count,
        recorded_correct_count,
        disagreement_count,
        workflow_key is not null as is_measurable,
        predicted_at
    from counted

)

select * from final
