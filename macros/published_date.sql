{#
    A date as publishers print it, else null: 20251101, 2025-11-01 (also with a time),
    01NOV2025, 01-Sep-20, 1 September 2020, 30/04/2024 (day first, as in Britain). A month
    without a day (MAR2019, Nov-25, November 2025, 2025-11) is its first day. Days that no
    month has are no dates.
#}
{% macro published_date(column) -%}
{%- set text = "lower(" ~ clean_text(column) ~ ")" -%}
{%- set name = "(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    ~ "|january|february|march|april|august|september|october|november|december)" -%}
case
    when regexp_like({{ text }}, '^[12][0-9]{3}(0[1-9]|1[0-2])[0-3][0-9]$')
        then {{ real_date(
            "substring(" ~ text ~ ", 1, 4)",
            "substring(" ~ text ~ ", 5, 2)",
            "substring(" ~ text ~ ", 7, 2)"
        ) }}
    when regexp_like(
        {{ text }}, '^[12][0-9]{3}-(0[1-9]|1[0-2])($|-[0-3][0-9]($|[t ]))'
    )
        then {{ real_date(
            "substring(" ~ text ~ ", 1, 4)",
            "substring(" ~ text ~ ", 6, 2)",
            "coalesce(nullif(substring(" ~ text ~ ", 9, 2), ''), '1')"
        ) }}
    when regexp_like(
        {{ text }}, '^[0-3]?[0-9][/.](0?[1-9]|1[0-2])[/.]([12][0-9])?[0-9]{2}($| )'
    )
        then {{ real_date(
            full_year("substring(" ~ text ~ " from '^[0-9]+[/.][0-9]+[/.]([0-9]+)')"),
            "substring(" ~ text ~ " from '^[0-9]+[/.]([0-9]+)')",
            "substring(" ~ text ~ " from '^[0-9]+')"
        ) }}
    when regexp_like(
        {{ text }}, '^([0-3]?[0-9][-/ ]?)?{{ name }}[-/, ]{0,2}([12][0-9])?[0-9]{2}$'
    )
        then {{ real_date(
            full_year("substring(" ~ text ~ " from '[0-9]+$')"),
            month_of_name("substring(" ~ text ~ " from '[a-z]{3}')"),
            "coalesce(substring(" ~ text ~ " from '^[0-9]+'), '1')"
        ) }}
end
{%- endmacro %}

{# The date of a year, month and day in text; null when the month has no such day. #}
{% macro real_date(year, month, day) -%}
{%- set first = "make_date(cast(" ~ year ~ " as integer), cast(" ~ month
    ~ " as integer), 1)" -%}
case
            when
                cast({{ day }} as integer) between 1
                and cast(extract(day from {{ last_of_month(first) }}) as integer)
                then cast({{ first }} + cast({{ day }} as integer) - 1 as date)
        end
{%- endmacro %}

{# The year of two digits or four: '20' is 2020, '98' is 1998. #}
{% macro full_year(digits) -%}
case
                when length({{ digits }}) = 4 then {{ digits }}
                when {{ digits }} < '70' then '20' || {{ digits }}
                else '19' || {{ digits }}
            end
{%- endmacro %}

{# The first three letters of a month's English name to its number. #}
{% macro month_of_name(letters) -%}
(position({{ letters }} in 'janfebmaraprmayjunjulaugsepoctnovdec') + 2) / 3
{%- endmacro %}
