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

{# Blank text is no text. #}
{% macro filled_text(column) -%}
nullif({{ clean_text(column) }}, '')
{%- endmacro %}

{# Optional sign, digits with or without thousands separators, decimals, exponent. #}
{% macro number_pattern() -%}
[-+]?([0-9]+([.][0-9]+)?|[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?|[.][0-9]+)([eE][-+]?[0-9]{1,2})?
{%- endmacro %}

{# The common case, at half the cost: no sign, no separators, no blanks. #}
{% macro is_plain_number(column) -%}
regexp_like({{ column }}, '^[0-9]+([.][0-9]+)?$')
{%- endmacro %}

{# What follows a figure and does not change it: '*', '†', '[p]', '[note 2]'. #}
{% macro trailing_mark_pattern() -%}
([*†‡]+|[[][A-Za-z]{1,4} ?[0-9]*[]])
{%- endmacro %}

{# A number, perhaps a percentage, perhaps with a mark behind it. #}
{% macro is_nhs_figure(column) -%}
regexp_like(
    {{ clean_text(column) }},
    '^{{ number_pattern() }} ?%? ?{{ trailing_mark_pattern() }}?$'
)
{%- endmacro %}

{#
    Published text to a number; null when the cell is blank or holds a mark. A percentage
    becomes its ratio ('12.5%' is 0.125), a mark behind a figure is left to nhs_mark()
    ('100%*' is 1). Bounds ('52+', '<5') are no numbers: 52 would be taken for a figure.
    Nor is '(5)', which is a negative number to some and a footnote to others.
#}
{% macro nhs_number(column, type=none) -%}
case
    when {{ is_plain_number(column) }}
        then cast({{ column }} as {{ type or type_ratio() }})
    when {{ is_nhs_figure(column) }}
        then cast(
            cast(
                substring(
                    replace({{ clean_text(column) }}, ',', '') from '^[-+.0-9eE]+'
                ) as {{ type_exact() }}
            )
            / case when position('%' in {{ column }}) > 0 then 100 else 1 end
            as {{ type or type_ratio() }}
        )
end
{%- endmacro %}

{# A count of people or pathways; see nhs_number(). #}
{% macro nhs_count(column) -%}
{{ nhs_number(column, type_count()) }}
{%- endmacro %}

{#
    Why a cell that should hold a number holds none, or what stands behind the number;
    null for a plain number. Marks are as published ('*', '[c]', '52+', '#N/A'); a blank
    cell has the mark 'blank', anything that is neither number nor known mark 'text', so
    that no cell is null in silence.
#}
{% macro nhs_mark(column) -%}
case
    when {{ is_plain_number(column) }} then null
    when coalesce({{ clean_text(column) }}, '') = '' then 'blank'
    when {{ is_nhs_figure(column) }}
        then substring({{ clean_text(column) }} from '{{ trailing_mark_pattern() }}$')
    when
        lower({{ clean_text(column) }}) in {{ nhs_marks() }}
        or {{ is_bound(column) }}
        then {{ clean_text(column) }}
    else 'text'
end
{%- endmacro %}

{# A figure known only to lie above or below a number: '52+', '<5', '>= 95%'. #}
{% macro is_bound(column) -%}
regexp_like(
    {{ clean_text(column) }},
    '^([<>≤≥~]=? ?{{ number_pattern() }} ?%?|{{ number_pattern() }} ?%?[+])[*]*$'
)
{%- endmacro %}

{# What stands in the place of a count: any text that is no number; null for a blank. #}
{% macro count_mark(column) -%}
case
    when {{ is_plain_number(column) }} then null
    when not {{ is_nhs_figure(column) }} then nullif({{ clean_text(column) }}, '')
end
{%- endmacro %}

{#
    The marks that stand for a withheld figure, in lower case: those the reader of cancer
    lets pass (SUPPRESSION_MARKS in loaders/cancer/convert.py).
#}
{% macro suppression_marks() -%}
('*', '-', '–', '—', '..', ':', 'c', 'z', 'x', '[c]', '[z]', '[x]', '[low]')
{%- endmacro %}

{#
    All marks in the place of a number, in lower case: withheld ones, those of the
    Government Statistical Service (low reliability, no data), and what spreadsheets and
    databases print for a missing value. Bounds are known by is_bound().
#}
{% macro nhs_marks() -%}
(
    '*', '**', '-', '–', '—', '--', '.', '..', '...', ':', 'c', 'z', 'x', 'low', 'u', 'w',
    '[c]', '[z]', '[x]', '[low]', '[u]', '[w]', '[na]', '[n/a]',
    'n/a', 'na', '#n/a', '#div/0!', '#value!', '#ref!', '#num!', '#name?', '#null!',
    'null', 'nan', 'none', 'unknown', 'low dq', 'not available', 'not applicable'
)
{%- endmacro %}

{#
    Published percentage to a ratio: '94.7%' and '94.7' give 0.947, '0.9473' stays.
    A bare number above 1 is read as percent: no ratio of a part to its whole is.
#}
{% macro nhs_ratio(column) -%}
{%- set number = nhs_number("replace(" ~ column ~ ", '%', '')") -%}
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
