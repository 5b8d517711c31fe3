{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_oversight__vintages') }}

),

published as (

    select
        *,
        nullif(lower({{ clean_text('units') }}), '') as unit,
        nullif({{ clean_text('reporting_date') }}, '') as reporting_date_text
    from {{ source('raw_oversight', 'metrics') }}

),

final as (

    select
        vintages.quarter,
        vintages.basis,
        nullif(upper({{ clean_text('published.trust_code') }}), '') as org_code,
        upper({{ clean_text('published.metric_id') }}) as published_metric_id,
        published.unit,
        {{ clean_text('published.trust_name') }} as org_name,
        {{ clean_text('published.metric_description') }} as metric_description,
        {{ clean_text('published.domain') }} as domain,
        {{ clean_text('published.sub_domain') }} as sub_domain,
        published.reporting_date_text as reporting_date,
        {{ label_key('published.reporting_date_text') }} as reporting_date_key,
        {{ clean_text('published.region') }} as region_as_published,
        {{ label_key(clean_text('published.region')) }} as region_key,
        {{ clean_text('published.trust_type') }} as trust_type,
        {{ clean_text('published.trust_subtype') }} as trust_subtype,
        nullif({{ clean_text('published.quarter') }}, '') as quarter_as_published,
        {{ nhs_number('published.value') }} as value,
        {{ nhs_number('published.median_value') }} as median_value,
        {{ nhs_number('published.lower_quartile') }} as lower_quartile,
        {{ nhs_number('published.upper_quartile') }} as upper_quartile,
        cast({{ nhs_count('published.rank') }} as integer) as published_rank,
        coalesce(
            {{ count_mark('published.value') }},
            {{ count_mark('published.median_value') }},
            {{ count_mark('published.lower_quartile') }},
            {{ count_mark('published.upper_quartile') }},
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
