-- Lists name organisations without a figure.
with listed as (

    select
        'ods_list' as met_in,
        org_code,
        org_name,
        listed_on
    from {{ ref('silver_organisations__ods_organisations') }}
    union all
    select
        'icb_lookup' as met_in,
        sub_icb_code as org_code,
        sub_icb_name as org_name,
        listed_on
    from {{ ref('silver_organisations__icb_lookup') }}
    union all
    select
        'icb_lookup' as met_in,
        icb_code as org_code,
        icb_name as org_name,
        listed_on
    from {{ ref('silver_organisations__icb_lookup') }}
    union all
    select
        'classification' as met_in,
        org_code,
        org_name,
        listed_on
    from {{ ref('silver_organisations__classification') }}
    union all
    select
        'successions' as met_in,
        other_code as org_code,
        other_name as org_name,
        _period_end as listed_on
    from {{ source('raw_organisations', 'successions') }}
    union all
    select
        'fhir' as met_in,
        org_code,
        org_name,
        listed_on
    from {{ ref('silver_organisations__fhir_organisations') }}

),

final as (

    select
        met_in,
        org_code,
        coalesce(org_name, '(none)') as name_key,
        org_name,
        max(listed_on) as listed_on
    from listed
    where org_code is not null
    group by met_in, org_code, org_name

)

select * from final
