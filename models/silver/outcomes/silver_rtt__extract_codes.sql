{{
    config(
        materialized='table',
        indexes=[{'columns': ['file_id', 'code_kind', 'published_code']}],
    )
}}

with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}

),

parts as (

    select * from {{ ref('rtt_parts') }}

),

functions as (

    select * from {{ ref('rtt_treatment_functions') }}

),

codes as (

    select
        _file_id as file_id,
        _dlt_load_id as load_id,
        _source_table as source_table,
        _source_row as source_row,
        code_kind,
        code as published_code,
        nullif({{ clean_text('name') }}, '') as published_name,
        nullif(upper({{ clean_text('parent_code') }}), '') as parent_code,
        nullif({{ clean_text('parent_name') }}, '') as parent_name
    from {{ source('raw_rtt', 'extract_codes') }}
    where code is not null

),

-- A code with two names in one file is listed by a test; the first one met counts.
ranked as (

    select
        *,
        row_number() over (
            partition by file_id, load_id, code_kind, published_code
            order by source_row asc
        ) as name_rank,
        count(*) over (partition by file_id, load_id, code_kind, published_code)
            as name_count
    from codes

),

final as (

    select
        vintages.period,
        ranked.code_kind,
        ranked.published_code,
        coalesce(
            parts.rtt_part_type,
            functions.treatment_function_code,
            upper({{ clean_text('ranked.published_code') }})
        ) as code,
        coalesce(
            parts.rtt_part_name,
            functions.treatment_function_name,
            ranked.published_name,
            case
                when upper({{ clean_text('ranked.published_code') }}) = 'NONC'
                    then 'NON-ENGLISH COMMISSIONERS'
            end,
            upper({{ clean_text('ranked.published_code') }})
        ) as name,
        ranked.parent_code,
        ranked.parent_name,
        ranked.published_name,
        parts.pathway_kind,
        ranked.name_count,
        ranked.code_kind not in ('rtt_part', 'treatment_function')
        or parts.rtt_part_type is not null
        or functions.treatment_function_code is not null as is_known,
        vintages.is_current,
        ranked.file_id
    from ranked
    inner join vintages
        on ranked.file_id = vintages.file_id
        and ranked.load_id = vintages.load_id
        and ranked.source_table = vintages.source_table
    left join parts
        on ranked.code_kind = 'rtt_part'
        and upper({{ clean_text('ranked.published_code') }})
        = upper(parts.rtt_part_type)
    left join functions
        on ranked.code_kind = 'treatment_function'
        and upper({{ clean_text('ranked.published_code') }})
        = upper(functions.published_code)
    where ranked.name_rank = 1

)

select * from final
