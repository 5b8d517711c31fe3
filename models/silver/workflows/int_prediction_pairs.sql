with predictions as (

    select * from {{ ref('silver_workflows__predictions') }}

),

requests as (

    select distinct request_id from predictions

),

workflows as (

    select * from {{ ref('silver_workflows__history') }}

),

signatures as (

    select * from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null

),

-- A request is known by the agent's id or the workflow's; the key of a workflow first.
matches as (

    select
        requests.request_id,
        workflows.workflow_key,
        workflows.is_finished,
        1 as preference
    from requests
    inner join workflows
        on requests.request_id = workflows.workflow_key
    union all
    select
        requests.request_id,
        workflows.workflow_key,
        workflows.is_finished,
        2 as preference
    from requests
    inner join workflows
        on requests.request_id = workflows.workflow_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by request_id
            order by preference asc, workflow_key asc
        ) as match_rank
    from matches

),

finished as (

    select * from ranked
    where match_rank = 1 and is_finished

),

pairs as (

    select
        request_id,
        pattern_signature
    from predictions
    where pattern_signature is not null
    union
    select
        finished.request_id,
        signatures.pattern_signature
    from finished
    inner join signatures
        on finished.workflow_key = signatures.workflow_key

),

final as (

    select
        requests.request_id,
        pairs.pattern_signature,
        finished.workflow_key,
        predictions.request_id is not null as is_predicted,
        case
            when finished.workflow_key is not null
                then signatures.pattern_signature is not null
        end as is_actual,
        predictions.confidence_ratio,
        predictions.was_correct,
        predictions.predicted_at
    from requests
    left join pairs
        on requests.request_id = pairs.request_id
    left join finished
        on requests.request_id = finished.request_id
    left join predictions
        on pairs.request_id = predictions.request_id
        and pairs.pattern_signature = predictions.pattern_signature
    left join signatures
        on finished.workflow_key = signatures.workflow_key
        and pairs.pattern_signature = signatures.pattern_signature

)

select * from final
