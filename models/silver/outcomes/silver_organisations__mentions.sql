{{ config(materialized='table') }}

{% set cancer_models = cancer_silver_tables() %}

with cancer as (

    {% for model in cancer_models %}
    select
        org_code,
        org_name,
        basis as met_as,
        min(period_start) as met_from,
        max(period_end) as met_until
    from {{ ref(model) }}
    where org_code is not null and not is_national
    group by org_code, org_name, basis
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

rtt as (

    select
        code as org_code,
        name as org_name,
        code_kind as met_as,
        _period_start as met_from,
        _period_end as met_until
    from {{ source('raw_rtt', 'extract_codes') }}
    where code_kind in ('provider', 'commissioner')
    union all
    select
        parent_code as org_code,
        parent_name as org_name,
        'commissioner' as met_as,
        _period_start as met_from,
        _period_end as met_until
    from {{ source('raw_rtt', 'extract_codes') }}
    where code_kind in ('provider', 'commissioner')

),

oversight as (

    select
        org_code,
        org_name,
        'provider' as met_as,
        quarter_start as met_from,
        quarter_end as met_until
    from {{ ref('silver_oversight__metrics') }}
    union all
    select
        org_code,
        org_name,
        'provider' as met_as,
        quarter_start as met_from,
        quarter_end as met_until
    from {{ ref('silver_oversight__league_table') }}

),

-- Lists name organisations without a figure.
lists as (

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

met as (

    {% for met_in in ['cancer', 'rtt', 'oversight'] %}
    select
        '{{ met_in }}' as met_in,
        org_code,
        org_name,
        met_as,
        met_from,
        met_until
    from {{ met_in }}
    union all
    {% endfor %}
    select
        met_in,
        org_code,
        org_name,
        'listed' as met_as,
        cast(null as date) as met_from,
        listed_on as met_until
    from lists

),

-- A spreadsheet's error in the place of a name is no name.
cleaned as (

    select
        upper(nullif({{ clean_text('org_code') }}, '')) as org_code,
        nullif(nullif(upper({{ clean_text('org_name') }}), ''), '#N/A') as org_name,
        met_in,
        met_as,
        met_from,
        met_until
    from met

),

final as (

    select
        org_code,
        org_name,
        coalesce(org_name, '(none)') as name_key,
        met_in,
        met_as,
        min(met_from) as met_from,
        max(met_until) as met_until
    from cleaned
    where org_code is not null
    group by org_code, org_name, met_in, met_as

)

select * from final
