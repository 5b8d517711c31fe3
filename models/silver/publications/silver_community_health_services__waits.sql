{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

columns_in_force as (

    select * from {{ ref('silver_publications__columns') }}

),

waits as (

    select * from {{ ref('int_community_wait_rows') }}

),

published as (

    select
        waits.wait_band,
        waits._source_table,
        waits.basis,
        waits.organisation_type,
        waits.organisation_code,
        waits.organisation_name,
        waits._is_aggregate,
        waits._file_id,
        waits._dlt_load_id,
        waits._source_sheet,
        waits._source_row,
        cells.service_code,
        cells.people_waiting
    from {{ columns_as_rows(
        'waits', community_services(), 'service_code', 'people_waiting'
    ) }}

),

final as (

    select
        vintages.period,
        {{ published_text('published.organisation_type') }} as organisation_type,
        {{ published_code('published.organisation_code') }} as organisation_code,
        {{ published_text('published.organisation_name') }} as organisation_name,
        published.service_code,
        columns_in_force.published_name as service_as_published,
        published.wait_band,
        {{ numbers_and_marks(['people_waiting']) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}
    left join columns_in_force
        on published._source_table = columns_in_force.source_table
        and published.service_code = columns_in_force.column_name
        and vintages.period_start = columns_in_force.period_start
        and vintages.period_end = columns_in_force.period_end

)

select * from final
