-- Where a month has shares by route it has gaps, for 28 and 62 days; never for 31 days.
with base as (

    select * from {{ ref('metric_values_base') }}
    where domain = 'cancer' and cancer_type is null

),

months as (

    select
        period,
        substring(metric_id, 1, length('cancer_28d')) as standard,
        max(case when referral_route = 'URGENT SUSPECTED CANCER' then 1 else 0 end)
            as has_urgent_route,
        max(case when referral_route = 'GAP' and value is not null then 1 else 0 end)
            as has_gap
    from base
    group by period, substring(metric_id, 1, length('cancer_28d'))

)

select * from months
where
    has_urgent_route != has_gap
    or (standard = 'cancer_31d' and has_gap = 1)
