{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'gp_appointments__regions') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.ccg_code') }} as ccg_code,
        {{ published_text('published.ccg_name') }} as ccg_name,
        {{ published_text('published.stp_name') }} as stp_name,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_date('published.appointment_month') }} as appointment_month,
        {{ published_text('published.appointment_status') }} as appointment_status,
        {{ published_text('published.hcp_type') }} as hcp_type,
        {{ published_text('published.appointment_mode') }} as appointment_mode,
        {{ published_text('published.booked_ahead') }} as booked_ahead,
        {{ numbers_and_marks([
            'appointments',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
