{{ table_of_news() }}

with documents as (

    select * from {{ ref('int_document_standing') }}

),

bad_generations as (

    select * from {{ ref('bad_generations') }}

),

counted as (

    select
        stage,
        'ok' as outcome,
        count(*) as row_count
    from documents
    group by stage
    union all
    select
        stage,
        reason as outcome,
        count(*) as row_count
    from bad_generations
    group by stage, reason

),

final as (

    {% for counter, stage, outcome in backfill_counter_definitions() %}
    select
        {{ loop.index }} as counter_order,
        '{{ counter }}' as counter,
        coalesce(sum(row_count), 0) as counter_value
    from counted
    where
        {{ "stage = '" ~ stage ~ "'" if stage else '1 = 1' }}
        and outcome {{ "= '" ~ outcome ~ "'" if outcome else "!= 'ok'" }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    counter_order,
    counter,
    cast(counter_value as bigint) as counter_value
from final
