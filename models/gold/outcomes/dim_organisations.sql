with met as (

    {% for model in cancer_silver_tables() %}
    select
        org_code,
        org_name,
        basis,
        period
    from {{ ref(model) }}
    where org_code is not null and not is_national
    group by org_code, org_name, basis, period
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- In 2015 and 2016 some codes stood under a collective name, which is not theirs.
names as (

    select
        org_code,
        upper(org_name) as org_name,
        min(period) as first_period,
        max(period) as last_period,
        max(case when basis = 'provider' then 1 else 0 end) as provider_rows,
        max(case when basis = 'commissioner' then 1 else 0 end) as commissioner_rows,
        max(case when upper(org_name) = 'INDEPENDENT ORGANISATION' then 1 else 0 end)
            as was_independent,
        max(case when regexp_like(upper(org_name), ' ORGANISATION$') then 1 else 0 end)
            as is_collective
    from met
    group by org_code, upper(org_name)

),

ranked as (

    select
        *,
        row_number() over (
            partition by org_code
            order by is_collective asc, last_period desc, org_name asc
        ) as name_rank
    from names

),

spans as (

    select
        org_code,
        min(first_period) as first_period,
        max(last_period) as last_period,
        max(provider_rows) = 1 as is_provider,
        max(commissioner_rows) = 1 as is_commissioner,
        max(was_independent) as was_independent
    from names
    group by org_code

),

earlier_names as (

    select
        org_code,
        {{ text_list('org_name', 'last_period desc, org_name asc') }} as earlier_names
    from ranked
    where name_rank > 1 and is_collective = 0
    group by org_code

),

final as (

    select
        spans.org_code,
        ranked.org_name,
        {{ organisation_kind(
            'spans.org_code', 'ranked.org_name', 'spans.was_independent'
        ) }} as organisation_kind,
        earlier_names.earlier_names,
        spans.first_period,
        spans.last_period,
        spans.is_provider,
        spans.is_commissioner
    from spans
    inner join ranked
        on spans.org_code = ranked.org_code
        and ranked.name_rank = 1
    left join earlier_names
        on spans.org_code = earlier_names.org_code

)

select * from final
