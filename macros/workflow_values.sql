{#
    How histories of agents write values: text of any origin, so each macro answers null
    where the text is none of its kind, and never raises.
#}

{# A moment in time, with its zone. #}
{% macro type_moment() -%} timestamp with time zone {%- endmacro %}

{# A number of tokens, events or seconds that outgrows 32 bits. #}
{% macro type_large() -%} bigint {%- endmacro %}

{# Dollars: exact, so that a sum does not depend on its order. #}
{% macro type_usd() -%} numeric(24, 10) {%- endmacro %}

{# Text without blanks around it; null when nothing is left. #}
{% macro filled(column) -%}
nullif(trim({{ column }}), '')
{%- endmacro %}

{#
    A moment as ISO text with `T` or a blank, with or without fractions and offset, or as
    seconds or milliseconds since 1970. Without an offset it is UTC: a second zone in one
    text is no valid input, so ` UTC` can only be added where there is none. A day that no
    month has is no moment. No regular expression: there are millions of them.
#}
{% macro utc_timestamp(column) -%}
case
    -- 'BC' is an era to Postgres, and no clock of ours.
    when ltrim({{ column }}) like '____-__-__%' and lower({{ column }}) not like '%bc%'
        then case
            when pg_input_is_valid({{ column }} || ' UTC', 'timestamptz')
                then cast({{ column }} || ' UTC' as {{ type_moment() }})
            when pg_input_is_valid({{ column }}, 'timestamptz')
                then cast({{ column }} as {{ type_moment() }})
        end
    when translate({{ column }}, '0123456789', '') in ('', '.')
        then case
            when length(split_part({{ column }}, '.', 1)) in (9, 10)
                then to_timestamp(cast({{ column }} as {{ type_ratio() }}))
            when length(split_part({{ column }}, '.', 1)) in (12, 13)
                then to_timestamp(cast({{ column }} as {{ type_ratio() }}) / 1000)
        end
end
{%- endmacro %}

{# Whether text is a number as programs write it: no NaN, no hexadecimals. #}
{% macro is_number(column) -%}
(
    translate({{ column }}, '0123456789.-+eE ', '') = ''
    and length({{ column }}) < 60
    and pg_input_is_valid({{ column }}, 'numeric')
)
{%- endmacro %}

{# A number of the given type; null when it is none or does not fit. #}
{% macro plain_number(column, type=none) -%}
{%- set kind = type or type_usd() -%}
case
    when {{ is_number(column) }}
        then case
            when abs(cast({{ column }} as {{ type_exact() }}))
                < 1e{{ 9 if kind | trim == type_whole() | trim else 13 }}
                then cast(cast({{ column }} as {{ type_exact() }}) as {{ kind }})
        end
end
{%- endmacro %}

{# Yes or no, as SQLite, Python and JSON write it. #}
{% macro truth(column) -%}
case
    when lower({{ filled(column) }}) in ('1', '1.0', 'true', 't', 'yes') then true
    when lower({{ filled(column) }}) in ('0', '0.0', 'false', 'f', 'no') then false
end
{%- endmacro %}

{# Whether text is valid JSON that Postgres can also take apart. #}
{% macro is_json(column) -%}
({{ column }} is json and strpos({{ column }}, '\u0000') = 0)
{%- endmacro %}

{# A member of a JSON object as text, by its path; null where there is none. #}
{% macro json_text(column, path) -%}
case
    when {{ is_json(column) }}
        then cast({{ column }} as json) #>> '{ {{- path | join(',') -}} }'
end
{%- endmacro %}

{# The JSON of a column: as landed when it is valid, else as the reader repaired it. #}
{% macro mended_json(alias, column) -%}
coalesce(
    case when {{ is_json(alias ~ '.' ~ column) }} then {{ alias }}.{{ column }} end,
    {{ json_text(alias ~ '.repairs', [column]) }}
)
{%- endmacro %}

{# From clause: the members of a JSON object, `key` and `value`; none where it is none. #}
{% macro json_members(column, alias) -%}
lateral json_each(
    case
        when {{ column }} is json object and strpos({{ column }}, '\u0000') = 0
            then cast({{ column }} as json)
    end
) as {{ alias }}
{%- endmacro %}

{#
    What a workflow is known by in every history: the agent's id, else the workflow's,
    else its number in its database. Null: nobody can tell it from others.
#}
{% macro workflow_key(alias) -%}
coalesce(
    {{ filled(alias ~ '.adw_id') }},
    {{ filled(alias ~ '.workflow_id') }},
    'id:' || {{ filled(alias ~ '.id') }}
)
{%- endmacro %}

{#
    Condition: a build must begin anew, because rows that it rests on are no longer part
    of the record: a file was read again, or an example stands beside a real file now.
    `columns` of `this` keep the keys of the tables that a row rests on.
#}
{% macro rows_were_withdrawn(pipeline, columns=['table_key']) -%}
{%- if not is_incremental() or not execute -%}
{{ return(false) }}
{%- endif -%}
{%- set query -%}
select count(*)
from (
    {%- for column in columns %}
    select distinct {{ column }} as table_key from {{ this }}
    {{- ' union' if not loop.last }}
    {%- endfor %}
) as built
where not exists (
    select 1
    from {{ source('raw_' ~ pipeline, 'file_tables') }} as tables
    inner join {{ source('raw_' ~ pipeline, 'files') }} as files
        on tables._file_id = files._file_id and tables.load_id = files.load_id
    where tables.table_key = built.table_key and files.status = 'loaded'
)
{%- endset -%}
{{ return(run_query(query).rows[0][0] > 0) }}
{%- endmacro %}

{# For pre_hook: what was built from rows that were withdrawn is built anew. #}
{% macro empty_if_withdrawn(pipeline, columns=['table_key']) -%}
{%- if rows_were_withdrawn(pipeline, columns) -%}
truncate {{ this }}
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# CTE body: the tables of loaded files, with what orders them. #}
{% macro loaded_tables(pipeline, table) -%}
select
        tables.table_key,
        tables.table_name,
        tables._file_id as file_id,
        tables.source_table,
        files.source_file,
        files.load_sequence
    from {{ source('raw_' ~ pipeline, 'file_tables') }} as tables
    inner join {{ source('raw_' ~ pipeline, 'files') }} as files
        on tables._file_id = files._file_id and tables.load_id = files.load_id
    where
        files.status = 'loaded'
        and tables.table_name = '{{ table }}'
{%- endmacro %}

{# The newest table that `this` rests on: what landed later is new. #}
{% macro newest_table(column='table_key') -%}
{%- if execute -%}
{{ return(
    run_query('select coalesce(max(' ~ column ~ '), 0) from ' ~ this).rows[0][0]
) }}
{%- else -%}
{{ return(0) }}
{%- endif -%}
{%- endmacro %}
