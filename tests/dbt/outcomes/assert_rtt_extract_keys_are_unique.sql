{{ config(severity='warn') }}

-- The files of gold alone: their rows are found by index.
with partitions as (

    select * from {{ ref('silver_rtt__partitions') }}

),

pathways as (

    select
        file_id,
        upper(trim(provider_org_code)) as provider_org_code,
        upper(trim(commissioner_org_code)) as commissioner_org_code,
        upper(trim(rtt_part_type)) as rtt_part_type,
        upper(trim(treatment_function_code)) as treatment_function_code,
        total_count,
        source_row
    from {{ ref('silver_rtt__pathways') }}

)

select
    partitions.period,
    pathways.provider_org_code,
    pathways.commissioner_org_code,
    pathways.rtt_part_type,
    pathways.treatment_function_code,
    count(*) as row_count,
    sum(pathways.total_count) as total_count,
    min(pathways.source_row) as first_source_row,
    max(pathways.source_row) as last_source_row
from partitions
inner join pathways
    on partitions.file_id = pathways.file_id
group by
    partitions.period,
    pathways.provider_org_code,
    pathways.commissioner_org_code,
    pathways.rtt_part_type,
    pathways.treatment_function_code
having count(*) > 1
