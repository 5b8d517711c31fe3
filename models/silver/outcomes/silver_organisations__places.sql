-- The region and the ICB of a code, from the best source that has one: the newest ODS
-- list, the newest lookup of sub-ICBs and ICBs, the parent in the RTT extracts, the
-- region in the newest Oversight Framework file.
with ods_organisations as (

    select * from {{ ref('silver_organisations__ods_organisations') }}

),

icb_lookup as (

    select * from {{ ref('silver_organisations__icb_lookup') }}

),

extract_codes as (

    select * from {{ source('raw_rtt', 'extract_codes') }}
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
        upper({{ clean_text('code') }}) as org_code,
        3 as source_rank,
        'rtt_parent' as place_source,
        upper({{ clean_text('parent_code') }}) as icb_code,
        null as region_code,
        _period_end as stated_on
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

icbs as (

    select
        icb_code,
        icb_name,
        region_code,
        row_number() over (
            partition by icb_code
            order by recency_rank asc, source_row asc
        ) as icb_rank
    from icb_lookup

),

-- A parent can be an ICB, a region or anything else: what lookups know is taken.
known as (

    select
        stated.org_code,
        stated.source_rank,
        stated.place_source,
        stated.stated_on,
        icbs.icb_code,
        icbs.icb_name,
        coalesce(
            stated.region_code, icbs.region_code, parents.region_code
        ) as region_code
    from stated
    left join icbs
        on stated.icb_code = icbs.icb_code
        and icbs.icb_rank = 1
    left join regions as parents
        on stated.icb_code = parents.region_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by org_code
            order by
                source_rank asc,
                stated_on desc nulls last,
                region_code asc nulls last,
                icb_code asc nulls last
        ) as place_rank
    from known
    where region_code is not null or icb_code is not null

),

final as (

    select
        ranked.org_code,
        ranked.icb_code,
        ranked.icb_name,
        ranked.region_code,
        regions.region_name,
        ranked.place_source,
        ranked.stated_on
    from ranked
    left join regions
        on ranked.region_code = regions.region_code
    where ranked.place_rank = 1

)

select * from final
