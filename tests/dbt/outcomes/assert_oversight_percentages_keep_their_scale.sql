{{ config(severity='warn') }}

-- 76.63 in one quarter and 0.7663 in another: a hundredth, where trusts as a whole
-- never change by a factor of 20 from quarter to quarter.
with metrics as (

    select * from {{ ref('oversight_metrics') }}
    where unit = 'percent' and value is not null

),

sizes as (

    select
        metric_id,
        trust_type,
        quarter,
        source_file,
        count(*) as trust_count,
        avg(abs(value)) as mean_size,
        max(abs(median_value)) as published_median_size
    from metrics
    group by metric_id, trust_type, quarter, source_file

),

compared as (

    select
        *,
        max(case when trust_count >= 5 then mean_size end)
            over (partition by metric_id, trust_type) as largest_mean_size
    from sizes

)

select
    metric_id,
    trust_type,
    quarter,
    source_file,
    trust_count,
    mean_size,
    published_median_size,
    largest_mean_size
from compared
where
    trust_count >= 5
    and (
        mean_size * 20 < largest_mean_size
        or mean_size * 20 < published_median_size
    )
