with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}

),

functions as (

    select * from {{ ref('rtt_treatment_functions') }}

),

waits as (

    select
        *,
        nullif(upper({{ clean_text('org_code') }}), '') as clean_org_code,
        upper({{ clean_text('treatment_function_code') }}) as clean_function_code,
        {{ clean_text('treatment_function_name') }} as clean_function_name
    from {{ source('raw_rtt', 'workbook_pathways') }}

),

final as (

    select
        vintages.period,
        vintages.source_table,
        case
            when vintages.source_table like '%national' then 'england'
            else 'provider'
        end as entity_level,
        {{ clean_text('waits.region_code') }} as region_code,
        case
            when vintages.source_table like '%national' then 'ENG'
            else waits.clean_org_code
        end as org_code,
        {{ clean_text('waits.org_name') }} as org_name,
        waits.rtt_part_type,
        coalesce(functions.treatment_function_code, waits.clean_function_code)
            as treatment_function_code,
        coalesce(functions.treatment_function_name, waits.clean_function_name)
            as treatment_function_name,
        waits.open_band_from_weeks,
        {{ rtt_band_columns('waits') }},
        {{ nhs_count('waits.total') }} as total_count,
        {{ nhs_count('waits.total_known') }} as known_clock_count,
        {{ nhs_count('waits.unknown_clock') }} as unknown_clock_start_count,
        {{ nhs_count('waits.within_18_weeks') }} as within_18_weeks_count,
        {{ nhs_ratio('waits.pct_within_18_weeks') }} as pct_within_18_weeks,
        {{ nhs_count('waits.over_52_weeks') }} as over_52_weeks_count,
        {{ nhs_count('waits.over_65_weeks') }} as over_65_weeks_count,
        {{ nhs_count('waits.over_78_weeks') }} as over_78_weeks_count,
        {{ nhs_count('waits.over_104_weeks') }} as over_104_weeks_count,
        {{ nhs_number('waits.median_wait_weeks') }} as median_wait_weeks,
        {{ nhs_number('waits.p92_wait_weeks') }} as p92_wait_weeks,
        {{ nhs_number('waits.p95_wait_weeks') }} as p95_wait_weeks,
        vintages.is_current,
        vintages.is_example,
        waits._period_start as period_start,
        waits._release_status as release_status,
        waits._file_id as file_id,
        waits._source_file as source_file,
        waits._source_sheet as source_sheet,
        waits._source_row as source_row
    from waits
    inner join vintages
        on waits._file_id = vintages.file_id
        and waits._dlt_load_id = vintages.load_id
        and waits._source_table = vintages.source_table
    left join functions
        on waits.clean_function_code = upper(functions.published_code)

)

select * from final
