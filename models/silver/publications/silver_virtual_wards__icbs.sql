{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'virtual_wards__icbs') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_code('published.icb_code') }} as icb_code,
        {{ published_text('published.icb_name') }} as icb_name,
        {{ numbers_and_marks([
            'capacity',
            'capacity_per_100k_adults',
            'registered_adults',
            'capacity_per_100k_patients',
            'registered_patients',
            'patients',
            'occupancy',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
