-- A trust with enough people has rank, percentile and quartiles in each cohort it is
-- in: roll-ups are ranked like published rows.
with scorecard as (

    select * from {{ ref('trust_scorecard') }}
    where valid_sample and higher_is_better is not null

)

select
    org_code,
    metric_id,
    disagg_key
from scorecard
where
    rank_overall is null
    or cohort_median_overall is null
    or cohort is null
    or (trust_type is not null and cohort_median_in_trust_type is null)
    or (trust_type is not null and rank_in_trust_type is null)
    or (
        trust_type is not null
        and trust_subtype is not null
        and cohort_median_in_subtype is null
    )
    or (region_name is not null and cohort_median_in_region is null)
    or (cohort_size_overall > 1 and percentile_overall is null)
