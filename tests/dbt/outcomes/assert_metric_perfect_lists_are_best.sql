-- A list with nobody over 18 weeks has the value 1 and, with enough people, percentile
-- 1; it is never null, which would sort as it likes.
with base as (

    select * from {{ ref('metric_values_base') }}
    where
        metric_id = 'rtt_pct_within_18' and numerator = denominator and denominator > 0

),

ranked as (

    select * from {{ ref('insight_metrics_long') }}
    where metric_id = 'rtt_pct_within_18'

)

select
    base.period,
    base.org_code,
    base.disagg_key,
    base.value,
    ranked.percentile_overall
from base
left join ranked
    on base.period = ranked.period
    and base.org_code = ranked.org_code
    and base.disagg_key = ranked.disagg_key
where
    base.value is null
    or base.value != 1
    or ranked.value is null
    or (ranked.valid_sample and ranked.rank_overall != 1)
