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
        min({{ month_start('period') }}) as met_from,
        max({{ month_end('period') }}) as met_until
    from {{ ref('silver_rtt__extract_codes') }}
    where code_kind in ('provider', 'commissioner')
    group by code, name, code_kind
    union all
    select
        parent_code as org_code,
        parent_name as org_name,
        'commissioner' as met_as,
        min({{ month_start('period') }}) as met_from,
        max({{ month_end('period') }}) as met_until
    from {{ ref('silver_rtt__extract_codes') }}
    where code_kind in ('provider', 'commissioner')
    group by parent_code, parent_name
    union all
    select
        org_code,
        org_name,
        'provider' as met_as,
        min({{ month_start('period') }}) as met_from,
        max({{ month_end('period') }}) as met_until
    from {{ ref('silver_rtt__workbook_waits') }}
    where entity_level = 'provider'
    group by org_code, org_name

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

lists as (

    select * from {{ ref('silver_organisations__listed') }}

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
