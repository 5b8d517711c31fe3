{% set counts = ['within_count', 'outside_count', 'total_count'] %}

with waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where
        source_table = 'treatment_31_day_by_cancer'
        and not is_national
        and cancer_type_code != 'all_cancers'

),

by_cancer as (

    select
        period,
        basis,
        org_code,
        org_name,
        treatment_stage_code,
        treatment_stage,
        cancer_type_code,
        cancer_type,
        within_count,
        outside_count,
        total_count,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row
    from waits

),

-- Summed here and not taken from the all-cancers sheet: a month may come without it.
all_cancers as (

    select
        period,
        basis,
        org_code,
        max(org_name) as org_name,
        treatment_stage_code,
        max(treatment_stage) as treatment_stage,
        'all_cancers' as cancer_type_code,
        'ALL CANCERS' as cancer_type,
        {{ sum_unless_withheld('within_count', counts) }} as within_count,
        {{ sum_unless_withheld('outside_count', counts) }} as outside_count,
        {{ sum_unless_withheld('total_count', counts) }} as total_count,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(source_sheet) as source_sheet,
        cast(null as bigint) as source_row
    from waits
    group by period, basis, org_code, treatment_stage_code

),

all_rows as (

    select * from by_cancer
    union all
    select * from all_cancers

),

final as (

    select
        period,
        basis,
        org_code,
        org_name,
        treatment_stage_code,
        treatment_stage,
        cancer_type_code,
        cancer_type,
        within_count as within_target,
        outside_count as outside_target,
        total_count,
        {{ ratio('within_count', 'total_count') }} as pct_within_target,
        cancer_type_code = 'all_cancers' as is_rollup,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row
    from all_rows

)

select * from final
