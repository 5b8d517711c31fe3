{{ table_of_news() }}

with parsed_scores as (

    select * from {{ ref('parsed_scores') }}
    where is_current

),

evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}

),

earlier_scores as (

    select * from {{ ref('silver_documents__scores') }}
    where is_current

),

-- Earlier csv of scores name the evaluation; a pivot only its essay and column.
earlier as (

    select
        parsed_scores.evaluation_key,
        'earlier system' as comparison,
        earlier_scores.source_csv
        || ', row ' || {{ as_text('earlier_scores.source_row') }} as compared_with,
        parsed_scores.score,
        earlier_scores.score as other_score,
        parsed_scores.error,
        earlier_scores.error as other_error
    from parsed_scores
    inner join earlier_scores
        on parsed_scores.evaluation_task_id = earlier_scores.evaluation_task_id
        and coalesce({{ file_name_of('earlier_scores.response_path') }}, '')
        in ('', {{ file_name_of('parsed_scores.response_file') }})
    union all
    select
        evaluation_scores.evaluation_key,
        'earlier system' as comparison,
        earlier_scores.source_csv
        || ', row ' || {{ as_text('earlier_scores.source_row') }} as compared_with,
        evaluation_scores.score,
        earlier_scores.score as other_score,
        null as error,
        earlier_scores.error as other_error
    from evaluation_scores
    inner join earlier_scores
        on evaluation_scores.essay_task_id = earlier_scores.essay_task_id
        and evaluation_scores.column_key = earlier_scores.column_key
        -- Essays share task ids: what else the row of the pivot names has to agree.
        {% for column in score_pivot_columns() if column != 'essay_task_id' %}
        and coalesce(earlier_scores.{{ column }}, evaluation_scores.{{ column }}, '')
        = coalesce(evaluation_scores.{{ column }}, '')
        {% endfor %}
    where evaluation_scores.is_first

),

strategies as (

    {% for strategy in ['complex', 'in_last_line'] -%}
    select
        evaluation_key,
        'other strategy' as comparison,
        '{{ strategy }}' as compared_with,
        score,
        score_{{ strategy }} as other_score,
        error,
        error_{{ strategy }} as other_error
    from parsed_scores
    where strategy != '{{ strategy }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

judged as (

    select
        *,
        lag(score) over (
            partition by
                {{ judged_key() }}, column_key
            order by replicate
        ) as score_before,
        lag(evaluation_key) over (
            partition by
                {{ judged_key() }}, column_key
            order by replicate
        ) as key_before
    from evaluation_scores

),

replicates as (

    select
        evaluation_key,
        'replicate before' as comparison,
        key_before as compared_with,
        score,
        score_before as other_score,
        null as error,
        null as other_error
    from judged
    where key_before is not null

),

compared as (

    select * from earlier
    union all
    select * from strategies
    union all
    select * from replicates

),

final as (

    select
        evaluation_key,
        comparison,
        compared_with,
        score,
        other_score,
        score - other_score as difference,
        error,
        other_error
    from compared
    where
        (score is null and other_score is not null)
        or (score is not null and other_score is null)
        or abs(score - other_score) > 0.005

)

select * from final
