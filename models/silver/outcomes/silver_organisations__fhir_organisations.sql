with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where is_used

),

published as (

    select * from {{ source('raw_organisations', 'fhir_organisations') }}

),

final as (

    select
        upper({{ clean_text('published.org_code') }}) as org_code,
        {{ clean_text('published.org_name') }} as org_name,
        {{ published_flag('published.active') }} as is_active,
        nullif({{ clean_text('published.primary_role_code') }}, '')
            as primary_role_code,
        nullif({{ clean_text('published.primary_role_display') }}, '')
            as primary_role_name,
        published.is_foundation_trust,
        {{ published_date('published.last_change_date') }} as last_change_date,
        vintages.recency_rank,
        vintages.period_end as listed_on,
        vintages.is_example,
        vintages.file_id,
        vintages.source_table,
        vintages.source_file,
        published._source_row as source_row
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
