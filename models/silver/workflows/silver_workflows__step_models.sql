with steps as (

    select * from {{ ref('silver_workflows__steps') }}

),

final as (

    select
        steps.workflow_key,
        steps.step,
        steps.session_id,
        member.key as model_used,
        {% for measure in model_usage_measures() -%}
        {{ plain_number(
            json_text('cast(member.value as text)', [measure.key]),
            type_large() if measure.usage else none
        ) }} as {{ measure.name }},
        {% endfor -%}
        steps.file_id,
        steps.table_key,
        steps.source_row
    from steps
    cross join {{ json_members('steps.model_usage', 'member') }}

)

select * from final
