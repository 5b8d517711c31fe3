{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'beds_overnight__providers') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_code('published.org_code') }} as org_code,
        {{ published_text('published.org_name') }} as org_name,
        {{ published_text('published.financial_year') }} as financial_year,
        {{ published_text('published.quarter_end_month') }} as quarter_end_month,
        {{ numbers_and_marks([
            'available_total',
            'available_general_and_acute',
            'available_learning_disability',
            'available_maternity',
            'available_mental_illness',
            'occupied_total',
            'occupied_general_and_acute',
            'occupied_learning_disability',
            'occupied_maternity',
            'occupied_mental_illness',
            'pct_occupied_total',
            'pct_occupied_general_and_acute',
            'pct_occupied_learning_disability',
            'pct_occupied_maternity',
            'pct_occupied_mental_illness',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
