-- Rows of loaded histories = versions of workflows + rows that nobody can identify.
with landed as (

    select coalesce(sum(tables.rows_landed), 0) as row_count
    from {{ source('raw_workflows', 'file_tables') }} as tables
    inner join {{ source('raw_workflows', 'files') }} as files
        on tables._file_id = files._file_id
        and tables.load_id = files.load_id
    where files.status = 'loaded' and tables.table_name = 'workflow_history'

),

versions as (

    select coalesce(sum(version_count), 0) as row_count
    from {{ ref('silver_workflows__history') }}

),

without_identity as (

    select count(*) as row_count
    from {{ ref('workflow_row_report') }}
    where problem = 'no_identity'

)

select
    landed.row_count as landed_count,
    versions.row_count as version_count,
    without_identity.row_count as without_identity_count
from landed
cross join versions
cross join without_identity
where landed.row_count != versions.row_count + without_identity.row_count
