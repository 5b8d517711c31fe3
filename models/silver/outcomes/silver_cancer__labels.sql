{{ config(materialized='table') }}

-- A few hundred spellings stand for all rows: only they are cleaned.
with fds as (

    select
        referral_route,
        suspected_cancer,
        _source_table
    from {{ source('raw_cancer', 'fds_waits') }}
    group by referral_route, suspected_cancer, _source_table

),

treatment_31_day as (

    select
        treatment_stage,
        cancer_type,
        treatment_modality,
        _source_table
    from {{ source('raw_cancer', 'treatment_31_day_waits') }}
    group by treatment_stage, cancer_type, treatment_modality, _source_table

),

treatment_62_day as (

    select
        referral_route,
        cancer_type,
        treatment_modality,
        _source_table
    from {{ source('raw_cancer', 'treatment_62_day_waits') }}
    group by referral_route, cancer_type, treatment_modality, _source_table

),

first_seen as (

    select
        suspected_cancer,
        referral_reason,
        _source_table
    from {{ source('raw_cancer', 'first_seen_waits') }}
    group by suspected_cancer, referral_reason, _source_table

),

reviewed as (

    select * from {{ ref('cancer_labels') }}

),

met as (

    select
        'referral_route' as label_kind,
        {{ cancer_referral_route() }} as published_label
    from fds
    union all
    select
        'referral_route' as label_kind,
        {{ cancer_referral_route() }} as published_label
    from treatment_62_day
    union all
    select
        'treatment_stage' as label_kind,
        {{ cancer_treatment_stage() }} as published_label
    from treatment_31_day
    union all
    select
        'treatment_modality' as label_kind,
        {{ cancer_treatment_modality() }} as published_label
    from treatment_31_day
    union all
    select
        'treatment_modality' as label_kind,
        {{ cancer_treatment_modality() }} as published_label
    from treatment_62_day
    union all
    select
        'cancer_type' as label_kind,
        {{ cancer_type('cancer_type') }} as published_label
    from treatment_31_day
    union all
    select
        'cancer_type' as label_kind,
        {{ cancer_type('cancer_type') }} as published_label
    from treatment_62_day
    union all
    select
        'cancer_type' as label_kind,
        {{ cancer_type('suspected_cancer') }} as published_label
    from fds
    union all
    select
        'cancer_type' as label_kind,
        {{ cancer_first_seen_type() }} as published_label
    from first_seen

),

spellings as (

    select
        label_kind,
        published_label,
        count(*) as row_count
    from met
    group by label_kind, published_label

),

keyed as (

    select
        label_kind,
        published_label,
        row_count,
        {{ label_key('published_label') }} as label_key
    from spellings

),

-- A label nobody has reviewed keeps its own words, so that no row is lost.
final as (

    select
        keyed.label_kind,
        keyed.published_label,
        coalesce(reviewed.code, keyed.label_key) as code,
        coalesce(reviewed.label, keyed.published_label) as label,
        keyed.row_count,
        reviewed.code is not null as is_known
    from keyed
    left join reviewed
        on keyed.label_kind = reviewed.label_kind
        and keyed.label_key = reviewed.label_key

)

select * from final
