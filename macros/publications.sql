{# A stable table, `<publication>__<table>`, to its publication and its own name. #}
{% macro publication_of(source_table) -%}
split_part({{ source_table }}, '__', 1)
{%- endmacro %}

{% macro table_of(source_table) -%}
substring({{ source_table }}, length({{ publication_of(source_table) }}) + 3)
{%- endmacro %}

{#
    A stretch of time in words: '2025-11' for a calendar month, '2025-07 to 2025-09' for
    what begins and ends with a month, else its first and last day.
#}
{% macro period_label(first_day, last_day) -%}
case
            when
                extract(day from {{ first_day }}) > 1
                or {{ last_day }} != {{ last_of_month(last_day) }}
                then {{ as_text(first_day) }} || ' to ' || {{ as_text(last_day) }}
            when {{ last_day }} = {{ last_of_month(first_day) }}
                then {{ month_label(first_day) }}
            else {{ month_label(first_day) }} || ' to ' || {{ month_label(last_day) }}
        end
{%- endmacro %}

{# The widths of the tables that rows land in: rows_16 has 16 columns. #}
{% macro landed_widths() -%} {{ return([16, 64, 256, 1000]) }} {%- endmacro %}

{#
    All cells of a landed row, in the order of their columns. One stands for all of them
    where nothing is run: the linter would read a thousand for minutes.
#}
{% macro landed_row(landed, width) -%}
{%- set count = width if execute is defined and execute else 1 -%}
array[
                {%- for number in range(1, count + 1) -%}
                {{ landed }}.c{{ number }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ]
{%- endmacro %}

{# The cell of a landed row in a column known by its number; null for number 0. #}
{% macro landed_cell(landed, position, width) -%}
({{ landed_row(landed, width) }})[{{ position }}]
{%- endmacro %}

{#
    Landed rows whose own period stands in up to three columns (`periods`: table_key,
    position_1 to position_3), with the texts found there.
#}
{% macro own_period_texts(periods, width) -%}
select
        landed._table_key as table_key,
        {%- for number in range(1, 4) %}
        {{ landed_cell('landed', periods ~ '.position_' ~ number, width) }}
            as text_{{ number }},
        {%- endfor %}
        landed._source_row as source_row
    from {{ periods }}
    inner join {{ source('raw_publications', 'rows_' ~ width ~ '_landed') }} as landed
        on {{ periods }}.table_key = landed._table_key
{%- endmacro %}

{#
    The cells of some landed rows, one row each. `periods` has, beside what is passed on,
    table_key, column_count, and text_1 to text_3: what stands in the period columns of
    the rows that are wanted (null where a table has none).
#}
{% macro landed_cells(periods, width) -%}
select
        {{ periods }}.*,
        landed._source_row as source_row,
        cells.position,
        cells.published_value
    from {{ periods }}
    inner join {{ source('raw_publications', 'rows_' ~ width ~ '_landed') }} as landed
        on {{ periods }}.table_key = landed._table_key
        {%- for number in range(1, 4) %}
        and coalesce({{ periods }}.text_{{ number }}, '') = coalesce(
            {{ landed_cell('landed', periods ~ '.position_' ~ number, width) }}, ''
        )
        {%- endfor %}
    cross join lateral unnest({{ landed_row('landed', width) }})
    with ordinality as cells (published_value, position)
    where cells.position <= {{ periods }}.column_count
{%- endmacro %}

{# The column that holds the code of what a column names: org_name to org_code. #}
{% macro code_column_of(name_column) -%}
regexp_replace({{ name_column }}, '(^|_)(name|description)$', '\1code')
{%- endmacro %}

{# A text as one word of a shell command. #}
{% macro shell_word(text) -%}
case
            when regexp_like({{ text }}, '^[A-Za-z0-9_./:%@=,+-]+$') then {{ text }}
            else '''' || replace({{ text }}, '''', '''\''''') || ''''
        end
{%- endmacro %}

{#
    What a row of each landing table takes in the warehouse, indexes included: the size of
    the table over the rows that the ledger has in it.
#}
{% macro landed_sizes() -%}
{%- for width in landed_widths() %}
    {{ 'union all ' if not loop.first }}select
        'rows_{{ width }}' as table_name,
        pg_total_relation_size(
            '{{ source("raw_publications", "rows_" ~ width ~ "_landed") }}'
        ) / greatest(sum(rows_landed), 1) as bytes_per_row
    from {{ source('raw_publications', 'file_tables') }}
    where table_name = 'rows_{{ width }}'
{%- endfor %}
{%- endmacro %}

{#
    What may go away by itself: the network, a server that is busy. The words are those of
    the loader's own messages and of the http client.
#}
{% macro is_transient_error(error) -%}
coalesce(
            regexp_like(
                lower({{ error }}),
                'time(d)?[ -]?out|timeout|connection|network|temporar|unreachable'
                || '|name resolution|too many requests|service unavailable'
                || '|http (429|500|502|503|504)|status (429|500|502|503|504)'
            ),
            false
        )
{%- endmacro %}

{#
    The silver models of stable tables. One that makes several rows of a published one is
    counted by the rows it came from.
#}
{% macro publication_silver_models() -%}
{{ return({
    'silver_ae_attendances__provider_statistics': 'count(*)',
    'silver_ae_attendances__providers': 'count(*)',
    'silver_beds_overnight__providers': 'count(*)',
    'silver_community_health_services__waits': 'count(distinct source_row)',
    'silver_diagnostics_dm01__provider_tests': 'count(*)',
    'silver_diagnostics_dm01__providers': 'count(*)',
    'silver_gp_appointments__regions': 'count(*)',
    'silver_gp_registered_patients__practices': 'count(*)',
    'silver_mhsds__four_week_waits': 'count(*)',
    'silver_online_consultation__practices': 'count(*)',
    'silver_sickness_absence__organisations': 'count(*)',
    'silver_virtual_wards__icbs': 'count(*)',
    'silver_virtual_wards__providers': 'count(*)',
}) }}
{%- endmacro %}

{# Rows of silver per file and stable table, of the tables that have silver models. #}
{% macro publication_silver_row_counts() -%}
{%- for model, counted in publication_silver_models().items() %}
    {{ 'union all ' if not loop.first }}select
        file_id,
        source_table,
        basis,
        {{ counted }} as row_count
    from {{ ref(model) }}
    group by file_id, source_table, basis
{%- endfor %}
{%- endmacro %}

{# The command that takes the present headers of a stable table into its map. #}
{% macro accept_command(source_table) -%}
'hindcast accept ' || {{ publication_of(source_table) }}
                || ' --table ' || {{ table_of(source_table) }}
{%- endmacro %}
