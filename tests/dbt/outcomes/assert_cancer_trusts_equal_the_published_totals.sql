-- Sheets 2, 4 and 7 print each provider's total: the sums must not differ from it.
with trust_aggregates as (

    select * from {{ ref('cancer_trust_aggregates') }}

),

standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where
        source_table in (
            'fds_all_routes',
            'treatment_31_day_all_cancers',
            'treatment_62_day_all_cancers'
        )
        and basis = 'provider'
        and not is_national
        and referral_route_code = 'all_routes'
        and treatment_stage_code in ('all_stages', 'not_applicable')

)

select
    standard_waits.period,
    standard_waits.metric,
    standard_waits.org_code,
    standard_waits.within_count,
    trust_aggregates.numerator,
    standard_waits.total_count,
    trust_aggregates.denominator
from standard_waits
inner join trust_aggregates
    on standard_waits.period = trust_aggregates.period
    and standard_waits.metric = trust_aggregates.metric
    and standard_waits.org_code = trust_aggregates.org_code
    and standard_waits.release_status = trust_aggregates.release_status
where
    standard_waits.within_count != trust_aggregates.numerator
    or standard_waits.total_count != trust_aggregates.denominator
