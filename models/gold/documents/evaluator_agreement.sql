{{ table_of_news() }}

with evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}

),

counted as (

    select
        {{ named_or_none('combo_id') }} as combo_id,
        {{ named_or_none('generation_template') }} as generation_template,
        {{ named_or_none('generation_model') }} as generation_model,
        count(*) as score_count,
        count(distinct evaluation_model) as evaluation_model_count,
        avg(score) as average_score,
        stddev_samp(score) as std_dev,
        min(score) as min_score,
        max(score) as max_score,
        max(score) - min(score) as score_range
    from evaluation_scores
    group by combo_id, generation_template, generation_model
    having count(*) >= 2

),

final as (

    select
        combo_id,
        generation_template,
        generation_model,
        case
            when score_range <= 1 then 'high_agreement'
            when score_range <= 2 then 'moderate_agreement'
            when score_range <= 3 then 'low_agreement'
            else 'poor_agreement'
        end as agreement,
        score_count,
        evaluation_model_count,
        average_score,
        std_dev,
        min_score,
        max_score,
        score_range,
        {{ ratio('std_dev', 'average_score') }} as coefficient_of_variation,
        {{ ratio('std_dev', '10') }} as relative_std_dev,
        {{ ratio('score_range', '10') }} as relative_range
    from counted

)

select * from final
