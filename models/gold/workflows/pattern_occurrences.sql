{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with signatures as (

    select * from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null

),

counts as (

    select
        workflow_key,
        cast(count(*) as {{ type_whole() }}) as pattern_count
    from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null
    group by workflow_key

),

measures as (

    select * from {{ ref('int_workflow_measures') }}
    where is_finished

),

final as (

    select
        signatures.pattern_signature,
        signatures.workflow_key,
        signatures.ordinal,
        counts.pattern_count,
        signatures.layer,
        signatures.rule_id,
        measures.workflow_id,
        measures.adw_id,
        measures.nl_input,
        measures.workflow_template,
        measures.model_used,
        measures.status,
        measures.is_success,
        measures.has_error,
        measures.retry_count,
        measures.duration_seconds,
        measures.total_tokens,
        measures.cost_usd,
        measures.cost_quality,
        measures.cost_source,
        measures.seen_at,
        measures.file_id,
        measures.source_row
    from signatures
    inner join counts
        on signatures.workflow_key = counts.workflow_key
    inner join measures
        on signatures.workflow_key = measures.workflow_key

)

select * from final
