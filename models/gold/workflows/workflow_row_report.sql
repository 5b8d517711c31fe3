with problems as (

    select * from {{ ref('int_workflow_row_problems') }}
    where problem is not null

),

files as (

    select * from {{ source('raw_workflows', 'files') }}

),

final as (

    select
        problems.table_name,
        problems.table_key,
        problems.source_row,
        problems.problem,
        problems.column_name,
        problems.found,
        files.source_file,
        problems.file_id
    from problems
    inner join files
        on problems.file_id = files._file_id

)

select * from final
