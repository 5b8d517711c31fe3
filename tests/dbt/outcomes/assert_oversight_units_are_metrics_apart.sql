select
    quarter,
    metric_id,
    min(unit) as one_unit,
    max(unit) as other_unit
from {{ ref('oversight_metrics') }}
group by quarter, metric_id
having
    min(coalesce(unit, '')) != max(coalesce(unit, ''))
    or min(published_metric_id) != max(published_metric_id)
