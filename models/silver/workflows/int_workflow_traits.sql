{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook=[
        "{{ more_memory() }}",
        "{{ delete_stale_detections('int_workflow_traits') }}",
    ]
) }}

with signatures as (

    select distinct workflow_key from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null

),

workflows as (

    select
        history.workflow_key,
        history.table_key,
        history.source_row,
        coalesce(history.nl_input, '') as nl_input,
        lower(coalesce(history.nl_input, '')) as input_text,
        history.duration_seconds,
        case when history.has_error then 1 else 0 end as error_count
    from {{ ref('silver_workflows__history') }} as history
    inner join signatures
        on history.workflow_key = signatures.workflow_key
    where
        history.is_finished
        and {{ only_undetected('history') }}

),

measured as (

    select
        *,
        {{ word_count('nl_input') }} as word_count
    from workflows

),

final as (

    select
        workflow_key,
        cast(char_length(nl_input) as {{ type_whole() }}) as input_length,
        word_count,
        {{ keywords_in('input_text') | indent(8) }} as keywords,
        {{ files_in('nl_input') | indent(8) }} as files_mentioned,
        {{ as_text(duration_range('duration_seconds')) | indent(8) }} as duration_range,
        {{ as_text(complexity('word_count', 'error_count')) | indent(8) }}
            as complexity,
        error_count,
        table_key,
        source_row,
        {{ as_text("'" ~ detection_version('int_workflow_traits') ~ "'") }}
            as detection_version
    from measured

)

select * from final
