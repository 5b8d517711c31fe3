select
    metric_id,
    metric_family,
    unit,
    higher_is_better
from {{ ref('metric_catalogue') }}
where
    domain = 'oversight'
    and (
        higher_is_better is null
        or (unit in ('score', 'segment', 'flag') and higher_is_better)
        or (metric_family != 'raw' and higher_is_better)
    )
