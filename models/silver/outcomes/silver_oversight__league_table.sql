{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_oversight__vintages') }}

),

published as (

    select
        *,
        nullif({{ clean_text('reporting_date') }}, '') as reporting_date_text
    from {{ source('raw_oversight', 'league_table') }}

),

final as (

    select
        vintages.quarter,
        vintages.basis,
        nullif(upper({{ clean_text('published.trust_code') }}), '') as org_code,
        {{ clean_text('published.trust_name') }} as org_name,
        published.reporting_date_text as reporting_date,
        {{ label_key('published.reporting_date_text') }} as reporting_date_key,
        {{ clean_text('published.region') }} as region_as_published,
        {{ label_key(clean_text('published.region')) }} as region_key,
        {{ clean_text('published.trust_type') }} as trust_type,
        {{ clean_text('published.trust_subtype') }} as trust_subtype,
        nullif({{ clean_text('published.quarter') }}, '') as quarter_as_published,
        {{ nhs_number('published.average_score') }} as average_score,
        nullif({{ clean_text('published.likely_range_of_average_score') }}, '')
            as likely_range_of_average_score,
        cast({{ nhs_count('published.segment') }} as integer) as segment,
        cast({{ nhs_count('published.rank') }} as integer) as published_rank,
        nullif({{ clean_text('published.likely_range_of_rank') }}, '')
            as likely_range_of_rank,
        {{ published_flag('published.trust_in_financial_deficit') }}
            as is_in_financial_deficit,
        nullif({{ clean_text('published.trust_in_financial_deficit') }}, '')
            as financial_deficit_as_published,
        coalesce(
            {{ count_mark('published.average_score') }},
            {{ count_mark('published.segment') }},
            {{ count_mark('published.rank') }}
        ) as value_mark,
        {{ oversight_row_is_current() }} as is_current,
        vintages.is_example,
        vintages.period_start as quarter_start,
        vintages.period_end as quarter_end,
        vintages.release_status,
        vintages.file_id,
        vintages.source_table,
        vintages.source_file,
        published._source_row as source_row
    from published
    inner join vintages
        on {{ file_vintage_join() }}
        and coalesce({{ quarter_label_of('published.quarter') }}, vintages.file_quarter)
        = vintages.quarter

)

select * from final
