with stated as (

    select * from {{ ref('silver_organisations__stated_places') }}

),

icb_lookup as (

    select * from {{ ref('silver_organisations__icb_lookup') }}

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
