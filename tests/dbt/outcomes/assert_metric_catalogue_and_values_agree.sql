{{ config(severity='warn') }}

-- Every active metric of a source with a real file has values, and none that is called
-- inactive. Metrics without a published id come from the league table in that domain.
with catalogue as (

    select
        *,
        case
            when domain = 'oversight' and published_metric_id is null
                then 'oversight league table'
            else domain
        end as source_name
    from {{ ref('metric_catalogue') }}

),

values_by_metric as (

    select
        metric_id,
        sum(value_count - example_count) as value_count
    from {{ ref('int_metric_periods') }}
    group by metric_id

),

loaded as (

    select catalogue.source_name from catalogue
    inner join values_by_metric
        on catalogue.metric_id = values_by_metric.metric_id
    where values_by_metric.value_count > 0
    group by catalogue.source_name

)

select
    catalogue.metric_id,
    catalogue.is_active,
    values_by_metric.value_count
from catalogue
inner join loaded
    on catalogue.source_name = loaded.source_name
left join values_by_metric
    on catalogue.metric_id = values_by_metric.metric_id
where catalogue.is_active != (coalesce(values_by_metric.value_count, 0) > 0)
