-- Among the integrated care boards stand boards alone: no hub or region of NHS England,
-- whose lists are of another kind; and England is no league.
with ranked as (

    select * from {{ ref('league_table') }}

),

organisations as (

    select * from {{ ref('dim_organisations') }}

)

select
    ranked.metric_id,
    ranked.entity_level,
    ranked.org_code,
    organisations.organisation_kind
from ranked
left join organisations
    on ranked.org_code = organisations.org_code
where
    ranked.entity_level = 'england'
    or (
        ranked.entity_level in ('icb', 'commissioner_icb')
        and organisations.organisation_kind in ('commissioning_hub', 'region')
    )
    or (
        ranked.entity_level = 'provider'
        and not coalesce(organisations.is_provider, false)
    )
    or (
        ranked.entity_level = 'commissioning_hub'
        and organisations.organisation_kind = 'icb'
    )
