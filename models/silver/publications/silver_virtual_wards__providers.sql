{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'virtual_wards__providers') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_code('published.provider_code') }} as provider_code,
        {{ published_text('published.provider_name') }} as provider_name,
        {{ numbers_and_marks([
            'capacity',
            'patients',
            'occupancy',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
