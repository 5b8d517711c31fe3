-- Rank 1 is best: where higher is better, the value falls as the rank number grows.
with ranked as (

    select
        *,
        cast(published_rank as {{ type_ratio() }}) as rank_number
    from {{ ref('oversight_metrics') }}
    where value is not null and published_rank is not null

),

compared as (

    select
        quarter,
        trust_type,
        metric_id,
        higher_is_better,
        count(*) as trust_count,
        corr(value, rank_number) as correlation
    from ranked
    group by quarter, trust_type, metric_id, higher_is_better
    having count(*) >= 5 and min(value) != max(value)

)

select * from compared
where
    higher_is_better is not null
    and coalesce(higher_is_better != (correlation < 0), true)
