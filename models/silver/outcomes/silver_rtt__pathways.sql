with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}

),

pathways as (

    select * from {{ source('raw_rtt', 'pathways') }}

),

final as (

    select
        vintages.period,
        pathways.provider_org_code,
        pathways.commissioner_org_code,
        pathways.rtt_part_type,
        pathways.treatment_function_code,
        pathways.open_band_from_weeks,
        {{ rtt_band_columns('pathways') }},
        pathways.total_known as known_clock_count,
        pathways.total_unknown_clock as unknown_clock_start_count,
        pathways.total_all as total_count,
        vintages.is_current,
        vintages.is_example,
        pathways._period_start as period_start,
        pathways._period_end as period_end,
        pathways._release_status as release_status,
        pathways._file_id as file_id,
        pathways._source_file as source_file,
        pathways._source_row as source_row
    from vintages
    inner join pathways
        on vintages.file_id = pathways._file_id
        and vintages.load_id = pathways._dlt_load_id
        and vintages.source_table = pathways._source_table

)

select * from final
