{{ config(severity='warn') }}

select
    code_kind as published_as,
    published_code as published_text,
    count(*) as row_count
from {{ ref('silver_rtt__extract_codes') }}
where not is_known and is_current
group by code_kind, published_code
union all
select
    measure_group as published_as,
    measure as published_text,
    count(*) as row_count
from {{ ref('silver_rtt__overview_values') }}
where not is_known and is_current
group by measure_group, measure
