{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with measures as (

    select * from {{ ref('int_workflow_measures') }}
    where is_finished

),

linked as (

    select distinct workflow_key from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null

),

final as (

    select
        measures.workflow_key,
        measures.workflow_id,
        measures.adw_id,
        measures.nl_input,
        measures.workflow_template,
        measures.model_used,
        measures.status,
        measures.error_message,
        measures.nl_input is null as is_input_missing,
        measures.total_tokens,
        measures.cost_usd,
        measures.cost_quality,
        measures.seen_at,
        measures.file_id,
        measures.source_row
    from measures
    left join linked
        on measures.workflow_key = linked.workflow_key
    where linked.workflow_key is null

)

select * from final
