{{ config(severity='warn') }}

select
    label_kind,
    published_label,
    code,
    row_count
from {{ ref('silver_cancer__labels') }}
where not is_known
