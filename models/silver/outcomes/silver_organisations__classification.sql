with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where is_used

),

published as (

    select * from {{ source('raw_organisations', 'classification') }}

),

final as (

    select
        upper({{ clean_text('published.org_code') }}) as org_code,
        nullif({{ clean_text('published.org_name') }}, '') as org_name,
        nullif(lower({{ clean_text('published.status') }}), '') as status,
        {{ published_date('published.opened') }} as open_date,
        {{ published_date('published.closed') }} as close_date,
        nullif({{ clean_text('published.opened') }}, '') as published_open_date,
        nullif({{ clean_text('published.closed') }}, '') as published_close_date,
        coalesce(published.is_nhs_trust, false) as is_nhs_trust,
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
