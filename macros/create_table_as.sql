{#
    Tables with `meta: {bulk: true}` are made by one `create table as`: Postgres reads in
    parallel and writes pages in bulk, which it does not for dbt's `insert into` of tables
    with a contract. The contract holds as before: columns and types are compared first,
    and each column is cast to the type it promises.
#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
{%- if config.get('contract').enforced and config.get('meta', {}).get('bulk') and not temporary -%}
{{ get_assert_columns_equivalent(sql) }}
create table {{ relation }} as
select
    {%- for column in model.columns.values() %}
    cast({{ column.name }} as {{ api.Column.translate_type(column.data_type) }})
        as {{ column.name }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    {{ sql }}
) as built
{%- else -%}
{{ return(dbt.postgres__create_table_as(temporary, relation, sql)) }}
{%- endif -%}
{%- endmacro %}
