{{ table_of_news() }}

with parsed_scores as (

    select * from {{ ref('parsed_scores') }}
    where score is not null and is_current

),

keyed as (

    select
        *,
        {{ score_column_key() }} as column_key
    from parsed_scores

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                {{ judged_key() }}, column_key
            order by
                evaluated_at asc nulls last,
                source_csv asc,
                row_index asc,
                evaluation_key asc
        ) as replicate,
        row_number() over (
            partition by column_key, {{ score_pivot_columns() | join(', ') }}
            order by
                evaluated_at asc nulls last,
                source_csv asc,
                row_index asc,
                evaluation_key asc
        ) as pivot_rank
    from keyed

),

final as (

    select
        evaluation_key,
        doc_id,
        target_doc_id,
        target_stage,
        essay_task_id,
        generation_task_id,
        combo_id,
        draft_template,
        essay_template,
        generation_template,
        generation_model,
        evaluation_template,
        evaluation_model,
        column_key,
        replicate,
        evaluated_at,
        score,
        pivot_rank = 1 as is_first,
        is_example
    from ranked

)

select * from final
