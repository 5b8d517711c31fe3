with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}

),

measures as (

    select * from {{ ref('rtt_overview_measures') }}

),

published as (

    select
        *,
        cast(month as date) as month_start,
        {{ label_key('measure_group') }} as group_key,
        {{ label_key('measure') }} as measure_key
    from {{ source('raw_rtt', 'overview_values') }}

),

-- `52+` and `-` stand in the place of numbers.
final as (

    select
        {{ month_label('published.month_start') }} as period,
        published.column_letter,
        published.financial_year,
        published.measure_group,
        published.measure,
        measures.rtt_part_type,
        measures.is_adjusted,
        measures.measure_code,
        measures.is_with_estimates,
        {{ nhs_number('published.value') }} as published_value,
        {{ count_mark('published.value') }} as value_mark,
        measures.measure_code is not null as is_known,
        vintages.is_current,
        vintages.is_example,
        published.month_start as period_start,
        vintages.release_status,
        published._file_id as file_id,
        published._source_file as source_file,
        published._source_sheet as source_sheet,
        published._source_row as source_row
    from published
    inner join vintages
        on published._file_id = vintages.file_id
        and published._dlt_load_id = vintages.load_id
        and published._source_table = vintages.source_table
    left join measures
        on published.group_key = measures.group_key
        and published.measure_key = measures.measure_key

)

select * from final
