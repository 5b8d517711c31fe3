{{ config(severity='warn') }}

select
    'add it to seeds/metric_catalogue.csv' as what_to_do,
    published_metric_id,
    unit,
    metric_id,
    max(metric_label) as metric_label,
    min(quarter) as a_quarter,
    count(*) as row_count
from {{ ref('oversight_metrics') }}
where not is_reviewed
group by published_metric_id, unit, metric_id
