{#
    CTEs: per file and table of a pipeline (`landings`) the rows the reader read, those
    the loader wrote down and those found in silver. The models carry file_id and
    source_table.
#}
{% macro landings(pipeline, models) -%}
files as (

    select * from {{ source('raw_' ~ pipeline, 'files') }}
    where status in ('loaded', 'superseded')

),

file_tables as (

    select * from {{ source('raw_' ~ pipeline, 'file_tables') }}

),

expected as (

    select
        file_tables._file_id as file_id,
        file_tables.source_table,
        sum(file_tables.rows_read) as rows_read,
        sum(file_tables.rows_landed) as rows_landed
    from file_tables
    inner join files
        on file_tables._file_id = files._file_id
        and file_tables.load_id = files.load_id
    group by file_tables._file_id, file_tables.source_table

),

found as (

    {% for model in models %}
    select
        file_id,
        source_table,
        count(*) as rows_found
    from {{ ref(model) }}
    group by file_id, source_table
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

landings as (

    select
        expected.file_id,
        expected.source_table,
        expected.rows_read,
        expected.rows_landed,
        coalesce(found.rows_found, 0) as rows_found
    from expected
    left join found
        on expected.file_id = found.file_id
        and expected.source_table = found.source_table

)
{%- endmacro %}
