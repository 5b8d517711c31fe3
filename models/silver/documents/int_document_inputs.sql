{{
    config(
        materialized='table',
        post_hook="{{ documents_unended_by_news() }}",
    )
}}

with files as (

    {{ documents_files() }}

),

document_repairs as (

    select * from {{ ref('document_repairs') }}

),

final as (

    select
        {{ documents_input_version('files', 'document_repairs') }} as input_version,
        {{ as_text(this_build()) }} as invocation_id

)

select * from final
