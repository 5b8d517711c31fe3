{#
    Columns that every silver model of a stable table has. They expect the aliases
    published (rows of the view) and vintages.
#}

{# A code as published, in capitals; null for a blank or a dash. #}
{% macro published_code(column) -%}
nullif(nullif(upper({{ clean_text(column) }}), ''), '-')
{%- endmacro %}

{# A label as published, without surrounding blanks; null for a blank or a dash. #}
{% macro published_text(column) -%}
nullif(nullif({{ clean_text(column) }}, ''), '-')
{%- endmacro %}

{# Each measure as a number, and beside it the mark where it is not a plain one. #}
{% macro numbers_and_marks(columns) -%}
{%- for column in columns %}
        {{ nhs_number('published.' ~ column) }} as {{ column }},
        {{ nhs_mark('published.' ~ column) }} as {{ column }}_mark
        {{- ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro publication_provenance() -%}
published._is_aggregate as is_aggregate,
        vintages.is_current,
        vintages.is_example,
        vintages.basis,
        vintages.period_start,
        vintages.period_end,
        vintages.release_status,
        vintages.file_id,
        vintages.source_table,
        vintages.source_file,
        published._source_sheet as source_sheet,
        published._source_row as source_row
{%- endmacro %}

{# The sum of columns; a blank or a mark in one of them makes it null: it is not known. #}
{% macro sum_of(columns) -%}
({{ columns | join(' + ') }})
{%- endmacro %}

{#
    Columns of A&E attendances by kind of department, of one prefix or several; those of
    `without_blanks` count nothing where they are blank: releases before bookings were
    counted apart have them among the others.
#}
{% macro ae_columns(
    prefixes, kinds=['type_1', 'type_2', 'other'], without_blanks=[]
) -%}
{%- set columns = [] -%}
{%- for prefix in prefixes + without_blanks -%}
{%- for kind in kinds -%}
{%- set column = prefix ~ '_' ~ kind -%}
{%- if prefix in without_blanks -%}
{%- set column = "case when " ~ column ~ "_mark = 'blank' then 0 else "
    ~ column ~ " end" -%}
{%- endif -%}
{%- do columns.append(column) -%}
{%- endfor -%}
{%- endfor -%}
{{ return(columns) }}
{%- endmacro %}

{# Columns side by side as rows: the name of each in one column, its value in another. #}
{% macro columns_as_rows(relation, columns, name, value) -%}
{{ relation }}
    cross join lateral (
        values
        {%- for column in columns %}
        ('{{ column }}', {{ relation }}.{{ column }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as cells ({{ name }}, {{ value }})
{%- endmacro %}

{# The sectors of beds open overnight, which make up the published total. #}
{% macro bed_sectors() -%}
{{ return(['general_and_acute', 'learning_disability', 'maternity', 'mental_illness']) }}
{%- endmacro %}

{# Their columns: available beds, or occupied ones. #}
{% macro bed_columns(prefix) -%}
{%- set columns = [] -%}
{%- for sector in bed_sectors() -%}
{%- do columns.append(prefix ~ '_' ~ sector) -%}
{%- endfor -%}
{{ return(columns) }}
{%- endmacro %}
