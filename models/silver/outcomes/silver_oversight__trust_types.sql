with published as (

    select
        org_code,
        trust_type,
        trust_subtype,
        quarter,
        quarter_start,
        quarter_end
    from {{ ref('silver_oversight__metrics') }}
    where is_current and org_code is not null
    union all
    select
        org_code,
        trust_type,
        trust_subtype,
        quarter,
        quarter_start,
        quarter_end
    from {{ ref('silver_oversight__league_table') }}
    where is_current and org_code is not null

),

stated as (

    select
        org_code,
        quarter,
        trust_type,
        trust_subtype,
        quarter_start,
        quarter_end
    from published
    group by
        org_code, quarter, trust_type, trust_subtype, quarter_start, quarter_end

),

final as (

    select
        org_code,
        quarter,
        trust_type,
        trust_subtype,
        quarter_start,
        quarter_end,
        row_number() over (
            partition by org_code
            order by quarter_end desc, trust_type asc, trust_subtype asc
        ) = 1 as is_newest
    from stated

)

select * from final
