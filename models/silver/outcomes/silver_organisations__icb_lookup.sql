with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where is_used

),

published as (

    select * from {{ source('raw_organisations', 'icb_lookup') }}

),

final as (

    select
        upper({{ clean_text('published.sub_icb_code') }}) as sub_icb_code,
        {{ clean_text('published.sub_icb_name') }} as sub_icb_name,
        upper({{ clean_text('published.icb_code') }}) as icb_code,
        {{ clean_text('published.icb_name') }} as icb_name,
        upper({{ clean_text('published.region_code') }}) as region_code,
        {{ clean_text('published.region_name') }} as region_name,
        {{ clean_text('published.sub_icb_ons_code') }} as sub_icb_ons_code,
        {{ clean_text('published.icb_ons_code') }} as icb_ons_code,
        {{ clean_text('published.region_ons_code') }} as region_ons_code,
        vintages.recency_rank,
        vintages.period_start as valid_from,
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
