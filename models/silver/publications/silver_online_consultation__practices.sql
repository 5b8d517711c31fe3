{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'online_consultation__practices') }}

),

final as (

    select
        vintages.period,
        {{ published_date('published.month') }} as month,
        {{ published_code('published.gp_code') }} as gp_code,
        {{ published_text('published.gp_name') }} as gp_name,
        {{ published_code('published.pcn_code') }} as pcn_code,
        {{ published_text('published.pcn_name') }} as pcn_name,
        {{ published_code('published.sub_icb_code') }} as sub_icb_code,
        {{ published_text('published.sub_icb_name') }} as sub_icb_name,
        {{ published_code('published.icb_code') }} as icb_code,
        {{ published_text('published.icb_name') }} as icb_name,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_text('published.supplier') }} as supplier,
        {{ published_text('published.participation') }} as participation,
        {{ numbers_and_marks([
            'submissions',
            'clinical_submissions',
            'administrative_submissions',
            'other_unknown_type_submissions',
            'registered_patient_count',
            'rate_per_1_000_registered_patients',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
