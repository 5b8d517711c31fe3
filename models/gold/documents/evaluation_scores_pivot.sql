{{ table_of_news() }}

with evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}
    where is_first and essay_task_id is not null

),

final as (

    select
        {% for column in score_pivot_columns() -%}
        {{ named_or_none(column) }} as {{ column }},
        {% endfor -%}
        {{ json_object_of('column_key', 'score') }} as scores,
        count(*) as score_count,
        avg(score) as average_score
    from evaluation_scores
    group by {{ score_pivot_columns() | join(', ') }}

)

select * from final
