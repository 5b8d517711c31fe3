-- Rows keep their file and row number, so a row lost or doubled shows as one.
with published as (

    {% for table in ['metrics', 'league_table'] %}
    select
        '{{ table }}' as source_table,
        source_file,
        count(*) as row_count,
        count(distinct source_row) as distinct_rows
    from {{ ref('silver_oversight__' ~ table) }}
    where is_current
    group by source_file
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

kept as (

    {% for table in ['metrics', 'league_table'] %}
    select
        '{{ table }}' as source_table,
        source_file,
        count(*) as row_count,
        count(distinct source_row) as distinct_rows
    from {{ ref('oversight_' ~ table) }}
    group by source_file
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    published.source_table,
    published.source_file,
    published.row_count as published_rows,
    kept.row_count as kept_rows
from published
left join kept
    on published.source_table = kept.source_table
    and published.source_file = kept.source_file
where
    published.row_count != coalesce(kept.row_count, 0)
    or published.distinct_rows != coalesce(kept.distinct_rows, 0)
