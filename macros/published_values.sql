{#
    How publishers write values. A cell is a number or a mark ('*', '-', 'N/A', '[x]');
    together nhs_number() and nhs_mark() account for every cell that is not blank.
#}

{# Optional sign, digits with or without thousands separators, decimals, exponent. #}
{% macro number_pattern() -%}
'^[-+]?([0-9]+([.][0-9]+)?|[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?|[.][0-9]+)([eE][-+]?[0-9]+)?$'
{%- endmacro %}

{% macro is_nhs_number(column) -%}
regexp_like(trim({{ column }}), {{ number_pattern() }})
{%- endmacro %}

{#
    Published text to a number; null when the cell is blank or holds a mark. The first
    test is the common case: half the time of the second on millions of cells.
#}
{% macro nhs_number(column, type=none) -%}
case
    when regexp_like({{ column }}, '^[0-9]+([.][0-9]+)?$')
        then cast({{ column }} as {{ type or type_count() }})
    when {{ is_nhs_number(column) }}
        then cast(replace({{ column }}, ',', '') as {{ type or type_count() }})
end
{%- endmacro %}

{# The mark in a cell that should hold a number; null when there is none. #}
{% macro nhs_mark(column) -%}
case
    when not {{ is_nhs_number(column) }} then nullif(trim({{ column }}), '')
end
{%- endmacro %}

{#
    Published percentage to a ratio: '94.7%' and '94.7' give 0.947, '0.9473' stays.
    A bare number above 1 is read as percent: no ratio of a part to its whole is.
#}
{% macro nhs_ratio(column) -%}
{%- set number = nhs_number("replace(" ~ column ~ ", '%', '')", type_ratio()) -%}
{{ number }}
/ case
    when right(trim({{ column }}), 1) = '%' then 100
    when {{ number }} > 1 then 100
    else 1
end
{%- endmacro %}

{#
    To how many decimals of the ratio a percentage is printed: '94.7%' to 3. Null for
    numbers without a percent sign: workbooks hold those at full precision.
#}
{% macro nhs_ratio_decimals(column) -%}
case
    when right(trim({{ column }}), 1) = '%'
        then 2 + coalesce(length(nullif(split_part({{ column }}, '.', 2), '')) - 1, 0)
end
{%- endmacro %}

{# Spelling-insensitive form of a label: 'Urgent  Screening ' to urgent_screening. #}
{% macro label_key(column) -%}
trim(
    both '_' from regexp_replace(lower({{ column }}), '[^a-z0-9]+', '_', 'g')
)
{%- endmacro %}

{#
    A label as published, trimmed. Sheets that lack the column mean all of it; a blank
    cell in a sheet that has the column is itself a label, so that it is reported.
#}
{% macro published_label(column, tables_with_it, label_without_it) -%}
coalesce(
    nullif(trim({{ column }}), ''),
    case
        when _source_table in ('{{ tables_with_it | join("', '") }}') then '(blank)'
        else '{{ label_without_it }}'
    end
)
{%- endmacro %}
