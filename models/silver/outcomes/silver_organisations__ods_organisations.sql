with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where is_used

),

published as (

    select * from {{ source('raw_organisations', 'ods_organisations') }}

),

final as (

    select
        nullif(upper({{ clean_text('published.org_code') }}), '') as org_code,
        {{ clean_text('published.org_name') }} as org_name,
        nullif(upper({{ clean_text('published.national_grouping') }}), '')
            as region_code,
        nullif(upper({{ clean_text('published.health_geography') }}), '') as icb_code,
        nullif({{ clean_text('published.postcode') }}, '') as postcode,
        {{ published_date('published.open_date') }} as open_date,
        {{ published_date('published.close_date') }} as close_date,
        nullif({{ clean_text('published.open_date') }}, '') as published_open_date,
        nullif({{ clean_text('published.close_date') }}, '') as published_close_date,
        nullif({{ clean_text('published.telephone') }}, '') as telephone,
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
