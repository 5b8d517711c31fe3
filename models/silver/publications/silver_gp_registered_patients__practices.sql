{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'gp_registered_patients__practices') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.practice_code') }} as practice_code,
        {{ published_text('published.postcode') }} as postcode,
        {{ published_code('published.sub_icb_code') }} as sub_icb_code,
        {{ published_code('published.sub_icb_ons_code') }} as sub_icb_ons_code,
        {{ published_date('published.extract_date') }} as extract_date,
        {{ published_code('published.org_type') }} as org_type,
        {{ published_code('published.sex') }} as sex,
        {{ published_code('published.age') }} as age,
        {{ numbers_and_marks([
            'registered_patients',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
