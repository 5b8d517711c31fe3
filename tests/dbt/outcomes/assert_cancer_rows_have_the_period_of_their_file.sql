with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

),

row_periods as (

    {% for model in cancer_silver_tables() %}
    select
        file_id,
        source_table,
        period_start,
        count(*) as row_count
    from {{ ref(model) }}
    group by file_id, source_table, period_start
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    row_periods.file_id,
    row_periods.source_table,
    row_periods.period_start as row_period_start,
    vintages.period_start as file_period_start,
    row_periods.row_count
from row_periods
left join vintages
    on row_periods.file_id = vintages.file_id
    and row_periods.source_table = vintages.source_table
where coalesce(row_periods.period_start != vintages.period_start, true)
