with ods_organisations as (

    select * from {{ ref('silver_organisations__ods_organisations') }}

),

icb_lookup as (

    select * from {{ ref('silver_organisations__icb_lookup') }}

),

extract_codes as (

    select * from {{ ref('silver_rtt__extract_codes') }}
    where code_kind in ('provider', 'commissioner')

),

oversight as (

    select
        org_code,
        region_key,
        max(quarter_end) as quarter_end
    from {{ ref('silver_oversight__metrics') }}
    where is_current
    group by org_code, region_key
    union all
    select
        org_code,
        region_key,
        max(quarter_end) as quarter_end
    from {{ ref('silver_oversight__league_table') }}
    where is_current
    group by org_code, region_key

),

oversight_regions as (

    select * from {{ ref('oversight_regions') }}

),

regions as (

    select
        region_code,
        max(region_name) as region_name
    from oversight_regions
    group by region_code

),

stated as (

    select
        org_code,
        1 as source_rank,
        'ods_list' as place_source,
        icb_code,
        region_code,
        listed_on as stated_on
    from ods_organisations
    union all
    select
        sub_icb_code as org_code,
        2 as source_rank,
        'icb_lookup' as place_source,
        icb_code,
        region_code,
        listed_on as stated_on
    from icb_lookup
    union all
    select
        icb_code as org_code,
        2 as source_rank,
        'icb_lookup' as place_source,
        icb_code,
        region_code,
        listed_on as stated_on
    from icb_lookup
    union all
    select
        code as org_code,
        3 as source_rank,
        'rtt_parent' as place_source,
        parent_code as icb_code,
        null as region_code,
        {{ month_start('period') }} as stated_on
    from extract_codes
    union all
    select
        region_code as org_code,
        2 as source_rank,
        'oversight_regions' as place_source,
        null as icb_code,
        region_code,
        cast(null as date) as stated_on
    from regions
    union all
    select
        oversight.org_code,
        4 as source_rank,
        'oversight' as place_source,
        null as icb_code,
        oversight_regions.region_code,
        oversight.quarter_end as stated_on
    from oversight
    inner join oversight_regions
        on oversight.region_key = oversight_regions.published_region_key

),

-- Lookups state the region of an ICB once for each of its sub-ICBs.
final as (

    select
        org_code,
        place_source,
        coalesce(icb_code, '-') || ' ' || coalesce(region_code, '-') as place_key,
        icb_code,
        region_code,
        min(source_rank) as source_rank,
        max(stated_on) as stated_on
    from stated
    where org_code is not null
    group by org_code, place_source, icb_code, region_code

)

select * from final
