{{ config(materialized='table') }}

with tables as (

    {{ loaded_tables('workflows', 'agent_results') }}

),

landed as (

    select * from {{ source('raw_workflows', 'agent_results_landed') }}

),

results as (

    select
        {{ filled('landed.adw_id') }} as workflow_key,
        coalesce({{ filled('landed.step') }}, '(none)') as step,
        coalesce({{ filled('landed.session_id') }}, '(none)') as session_id,
        {{ filled('landed.subtype') }} as subtype,
        {{ truth('landed.is_error') }} as is_error,
        {{ plain_number('landed.duration_ms') }} / 1000 as duration_seconds,
        {{ plain_number('landed.num_turns', type_whole()) }} as turn_count,
        {{ plain_number('landed.total_cost_usd') }} as total_cost_usd,
        {{ mended_json('landed', 'usage') }} as usage,
        {{ mended_json('landed', 'model_usage') }} as model_usage,
        tables.file_id,
        tables.load_sequence,
        landed._table_key as table_key,
        landed._source_row as source_row
    from landed
    inner join tables
        on landed._table_key = tables.table_key

),

-- A file that grew is read again: the last result of a session is the one that holds.
ranked as (

    select
        *,
        row_number() over (
            partition by workflow_key, step, session_id
            order by load_sequence desc, table_key desc, source_row desc
        ) as result_rank
    from results

),

last_results as (

    select * from ranked
    where result_rank = 1

),

-- `usage` covers the last call of a model only; what all models used is beside it.
models as (

    select
        last_results.table_key,
        last_results.source_row,
        {% for measure in model_usage_measures() -%}
        sum({{ plain_number(json_text('cast(member.value as text)', [measure.key])) }})
            as {{ measure.name }},
        {% endfor -%}
        count(*) as model_count
    from last_results
    cross join {{ json_members('last_results.model_usage', 'member') }}
    group by last_results.table_key, last_results.source_row

),

final as (

    select
        last_results.workflow_key,
        last_results.step,
        last_results.session_id,
        last_results.subtype,
        last_results.is_error,
        last_results.duration_seconds,
        last_results.turn_count,
        cast(coalesce(models.model_count, 0) as {{ type_whole() }}) as model_count,
        cast(coalesce(
            case when models.cost_usd > 0 then models.cost_usd end,
            case
                when last_results.total_cost_usd > 0 then last_results.total_cost_usd
            end
        ) as {{ type_usd() }}) as cost_usd,
        {% for measure in model_usage_measures() if measure.usage -%}
        cast(coalesce(
            models.{{ measure.name }},
            {{ plain_number(json_text('last_results.usage', [measure.usage])) }}
        ) as {{ type_large() }}) as {{ measure.name }},
        {% endfor -%}
        last_results.model_usage,
        last_results.file_id,
        last_results.table_key,
        last_results.source_row
    from last_results
    left join models
        on last_results.table_key = models.table_key
        and last_results.source_row = models.source_row

)

select * from final
