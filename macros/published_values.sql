{#
    How publishers write values. A cell is a number or a mark ('*', '-', 'N/A', '[x]');
    together nhs_number() and nhs_mark() account for every cell that is not blank.
#}

{#
    Text without blanks around it. Python's str.strip() decides what the reader takes for
    blank, so every Unicode space counts, not only the one trim() knows: workbooks carry
    no-break spaces (U+00A0) and figure spaces (U+2007). Blanks inside become spaces.
#}
{% macro clean_text(column) -%}
trim(
    case
        -- Nearly all text is plain ASCII; looking first is a tenth of the work.
        when not regexp_like({{ column }}, '[^ -~]') then {{ column }}
        else translate(
            {{ column }},
            -- One text on two lines: the second continues the first and its escapes.
            e'\t\n\u000B\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005'
            '\u2006\u2007\u2008\u2009\u200A\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF',
            repeat(' ', 26)
        )
    end
)
{%- endmacro %}

{# Optional sign, digits with or without thousands separators, decimals, exponent. #}
{% macro number_pattern() -%}
'^[-+]?([0-9]+([.][0-9]+)?|[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?|[.][0-9]+)([eE][-+]?[0-9]+)?$'
{%- endmacro %}

{# The common case, at half the cost: no sign, no separators, no blanks. #}
{% macro is_plain_number(column) -%}
regexp_like({{ column }}, '^[0-9]+([.][0-9]+)?$')
{%- endmacro %}

{% macro is_nhs_number(column) -%}
regexp_like({{ clean_text(column) }}, {{ number_pattern() }})
{%- endmacro %}

{# Published text to a number; null when the cell is blank or holds a mark. #}
{% macro nhs_number(column, type=none) -%}
case
    when {{ is_plain_number(column) }}
        then cast({{ column }} as {{ type or type_count() }})
    when {{ is_nhs_number(column) }}
        then cast(replace({{ clean_text(column) }}, ',', '') as {{ type or type_count() }})
end
{%- endmacro %}

{# The mark in a cell that should hold a number; null when there is none. #}
{% macro nhs_mark(column) -%}
case
    when {{ is_plain_number(column) }} then null
    when not {{ is_nhs_number(column) }} then nullif({{ clean_text(column) }}, '')
end
{%- endmacro %}

{#
    The marks that stand for a withheld figure, in lower case: those the reader lets pass
    (SUPPRESSION_MARKS in loaders/cancer/convert.py).
#}
{% macro suppression_marks() -%}
('*', '-', '–', '—', '..', ':', 'c', 'z', 'x', '[c]', '[z]', '[x]', '[low]')
{%- endmacro %}

{#
    Published percentage to a ratio: '94.7%' and '94.7' give 0.947, '0.9473' stays.
    A bare number above 1 is read as percent: no ratio of a part to its whole is.
#}
{% macro nhs_ratio(column) -%}
{%- set number = nhs_number("replace(" ~ column ~ ", '%', '')", type_ratio()) -%}
{%- set plain = "cast(" ~ column ~ " as " ~ type_ratio() ~ ")" -%}
case
    when {{ is_plain_number(column) }}
        then {{ plain }} / case when {{ plain }} > 1 then 100 else 1 end
    else
        {{ number }}
        / case
            when right({{ clean_text(column) }}, 1) = '%' then 100
            when {{ number }} > 1 then 100
            else 1
        end
end
{%- endmacro %}

{#
    To how many decimals of the ratio a percentage is printed: '94.7%' to 3. Null for
    numbers without a percent sign: workbooks hold those at full precision.
#}
{% macro nhs_ratio_decimals(column) -%}
case
    when right({{ clean_text(column) }}, 1) = '%'
        then 2 + coalesce(
            length(nullif(split_part({{ clean_text(column) }}, '.', 2), '')) - 1, 0
        )
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
    nullif({{ clean_text(column) }}, ''),
    case
        when _source_table in ('{{ tables_with_it | join("', '") }}') then '(blank)'
        else '{{ label_without_it }}'
    end
)
{%- endmacro %}
