with mentions as (

    select * from {{ ref('silver_organisations__mentions') }}

),

-- In 2015 and 2016 some codes stood under a collective name, which is not theirs.
names as (

    select
        org_code,
        org_name,
        max(met_until) as met_until,
        max(case when regexp_like(org_name, ' ORGANISATION$') then 1 else 0 end)
            as is_collective
    from mentions
    where org_name is not null
    group by org_code, org_name

),

ranked as (

    select
        *,
        row_number() over (
            partition by org_code
            order by is_collective asc, met_until desc, org_name asc
        ) as name_rank
    from names

),

earlier_names as (

    select
        org_code,
        {{ text_list('org_name', 'met_until desc, org_name asc') }} as earlier_names
    from ranked
    where name_rank > 1 and is_collective = 0
    group by org_code

),

final as (

    select
        ranked.org_code,
        ranked.org_name,
        earlier_names.earlier_names,
        ranked.met_until
    from ranked
    left join earlier_names
        on ranked.org_code = earlier_names.org_code
    where ranked.name_rank = 1

)

select * from final
