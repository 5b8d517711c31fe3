with pairs as (

    select * from {{ ref('int_prediction_pairs') }}
    where pattern_signature is not null

),

counted as (

    select
        pattern_signature,
        sum(case when is_predicted then 1 else 0 end) as predicted_count,
        sum(case when is_predicted and is_actual is not null then 1 else 0 end)
            as measurable_count,
        sum(case when is_predicted and is_actual then 1 else 0 end) as correct_count,
        sum(case when is_predicted and not is_actual then 1 else 0 end)
            as false_positive_count,
        sum(case when not is_predicted and is_actual then 1 else 0 end)
            as false_negative_count,
        sum(case when was_correct is not null then 1 else 0 end) as recorded_count,
        sum(case when was_correct then 1 else 0 end) as recorded_correct_count,
        sum(case when was_correct != is_actual then 1 else 0 end) as disagreement_count
    from pairs
    group by pattern_signature

),

final as (

    select
        pattern_signature,
        predicted_count,
        measurable_count,
        correct_count,
        false_positive_count,
        false_negative_count,
        {{ ratio('correct_count', 'measurable_count') }} as accuracy,
        {{ ratio('correct_count', 'correct_count + false_negative_count') }} as recall,
        recorded_count,
        recorded_correct_count,
        {{ ratio('recorded_correct_count', 'recorded_count') }} as recorded_accuracy,
        disagreement_count
    from counted

)

select * from final
