-- What providers submitted of a service adds up to the row of England. The examples
-- have a few of the providers only.
with waits as (

    select * from {{ ref('community_waiting_lists') }}
    where not is_example

),

final as (

    select
        period,
        service_code,
        sum(case when organisation_type = 'Provider' then total_waiting end)
            as providers_waiting,
        max(case when is_aggregate then total_waiting end) as england_waiting
    from waits
    group by period, service_code

)

select * from final
where providers_waiting != england_waiting
