with mentions as (

    select * from {{ ref('silver_organisations__mentions') }}

),

places as (

    select * from {{ ref('silver_organisations__places') }}

),

current_codes as (

    select * from {{ ref('silver_organisations__current_codes') }}

),

classification as (

    select * from {{ ref('silver_organisations__classification') }}
    where recency_rank = 1

),

ods_organisations as (

    select
        *,
        row_number() over (
            partition by org_code
            order by recency_rank asc, source_row asc
        ) as list_rank
    from {{ ref('silver_organisations__ods_organisations') }}

),

trust_types as (

    select * from {{ ref('silver_oversight__trust_types') }}
    where is_newest

),

-- In 2015 and 2016 some codes stood under a collective name, which is not theirs.
names as (

    select
        org_code,
        org_name,
        max(met_until) as met_until,
        max(case when org_name = 'INDEPENDENT ORGANISATION' then 1 else 0 end)
            as was_independent,
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

spans as (

    select
        org_code,
        {{ month_label('min(met_from)') }} as first_period,
        {{ month_label("max(case when met_as != 'listed' then met_until end)") }}
            as last_period,
        max(case when met_as = 'provider' then 1 else 0 end) = 1 as is_provider,
        max(case when met_as = 'commissioner' then 1 else 0 end) = 1 as is_commissioner,
        max(case when org_name = 'INDEPENDENT ORGANISATION' then 1 else 0 end)
            as was_independent
    from mentions
    group by org_code

),

organisations as (

    select
        spans.*,
        ranked.org_name,
        case
            when classification.is_nhs_trust or trust_types.org_code is not null
                then 'nhs_trust'
            else {{ organisation_kind(
                'spans.org_code', "coalesce(ranked.org_name, '')", 'spans.was_independent'
            ) }}
        end as organisation_kind,
        trust_types.trust_type,
        trust_types.trust_subtype,
        coalesce(ods_organisations.open_date, classification.open_date) as open_date,
        coalesce(ods_organisations.close_date, classification.close_date) as close_date,
        ods_organisations.org_code is not null as is_in_ods_list
    from spans
    left join ranked
        on spans.org_code = ranked.org_code
        and ranked.name_rank = 1
    left join classification
        on spans.org_code = classification.org_code
    left join trust_types
        on spans.org_code = trust_types.org_code
    left join ods_organisations
        on spans.org_code = ods_organisations.org_code
        and ods_organisations.list_rank = 1

),

final as (

    select
        organisations.org_code,
        organisations.org_name,
        organisations.organisation_kind,
        earlier_names.earlier_names,
        organisations.first_period,
        organisations.last_period,
        organisations.is_provider,
        organisations.is_commissioner,
        organisations.trust_type,
        organisations.trust_subtype,
        places.region_code,
        places.region_name,
        places.icb_code,
        places.icb_name,
        organisations.open_date,
        organisations.close_date,
        organisations.organisation_kind = 'nhs_trust' as is_nhs_trust,
        organisations.organisation_kind = 'independent_provider' as is_independent,
        case
            when current_codes.org_code is null then organisations.org_code
            else current_codes.current_org_code
        end as current_org_code,
        case
            when current_codes.org_code is null then organisations.org_name
            else current_names.org_name
        end as current_org_name,
        current_codes.successor_codes,
        organisations.is_in_ods_list
    from organisations
    left join earlier_names
        on organisations.org_code = earlier_names.org_code
    left join places
        on organisations.org_code = places.org_code
    left join current_codes
        on organisations.org_code = current_codes.org_code
    left join ranked as current_names
        on current_codes.current_org_code = current_names.org_code
        and current_names.name_rank = 1

)

select * from final
