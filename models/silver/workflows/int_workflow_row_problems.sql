{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook=["{{ more_memory() }}", "{{ delete_withdrawn_tables('workflows') }}"]
) }}
{%- set newest = newest_table() if is_incremental() else none %}

with tables as (

    {% for table in workflow_checks() -%}
    {{ loaded_tables('workflows', table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A table that was looked at keeps one row of its own, so that it is looked at once.
new_tables as (

    select * from tables
    {%- if newest is not none %}
    where table_key > {{ newest }}
    {%- endif %}

),

found as (

    {% for table in workflow_checks() -%}
    {{ landed_row_problems(table, newest) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        new_tables.table_name,
        new_tables.file_id,
        new_tables.table_key,
        cast(null as {{ type_whole() }}) as source_row,
        {{ as_text('null') }} as problem,
        {{ as_text('null') }} as column_name,
        {{ as_text('null') }} as found
    from new_tables
    union all
    select
        new_tables.table_name,
        new_tables.file_id,
        found.table_key,
        found.source_row,
        {{ as_text('found.problem') }} as problem,
        {{ as_text("coalesce(found.column_name, '(row)')") }} as column_name,
        {{ as_text('substring(found.found, 1, 200)') }} as found
    from found
    inner join new_tables
        on found.table_key = new_tables.table_key

)

select * from final
