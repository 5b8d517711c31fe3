-- A trust's cancer figure over all types is the sum of its parts, each once: the
-- published rows by type for 31 and 62 days, those by type and route for 28 days.
with base as (

    select * from {{ ref('metric_values_base') }}
    where domain = 'cancer' and referral_route != 'GAP'

),

wholes as (

    select * from base
    where cancer_type is null and referral_route = 'ALL ROUTES'

),

parts as (

    select
        metric_id,
        period,
        org_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from base
    where
        not is_rollup
        and cancer_type is not null
        and (metric_id = 'cancer_28d_pct_within_target')
        != (referral_route = 'ALL ROUTES')
    group by metric_id, period, org_code

)

select
    wholes.metric_id,
    wholes.period,
    wholes.org_code,
    wholes.numerator,
    parts.numerator as parts_numerator,
    wholes.denominator,
    parts.denominator as parts_denominator
from wholes
left join parts
    on wholes.metric_id = parts.metric_id
    and wholes.period = parts.period
    and wholes.org_code = parts.org_code
where
    wholes.denominator is not null
    and (
        coalesce(wholes.numerator != parts.numerator, true)
        or coalesce(wholes.denominator != parts.denominator, true)
    )
