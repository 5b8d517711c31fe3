{{ config(severity='warn') }}

-- Every active metric of a loaded domain has values, and none that is called inactive.
with catalogue as (

    select * from {{ ref('metric_catalogue') }}

),

values_by_metric as (

    select
        domain,
        metric_id,
        sum(value_count) as value_count
    from {{ ref('int_metric_periods') }}
    group by domain, metric_id

),

loaded_domains as (

    select domain from values_by_metric
    group by domain

)

select
    catalogue.metric_id,
    catalogue.is_active,
    values_by_metric.value_count
from catalogue
inner join loaded_domains
    on catalogue.domain = loaded_domains.domain
left join values_by_metric
    on catalogue.metric_id = values_by_metric.metric_id
where catalogue.is_active != (coalesce(values_by_metric.value_count, 0) > 0)
