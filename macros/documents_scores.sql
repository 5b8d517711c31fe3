{#
    Scores in the responses of evaluations: the two strategies of the earlier parser, equal
    to it on every text (digits of other scripts aside), and ours, final_score. Why ours
    differs, and where: docs/decisions/0015-reading-scores.md.
#}

{# The word, whatever its case: Python takes the long s for an s. #}
{% macro score_word() -%} [Ssſ][Cc][Oo][Rr][Ee] {%- endmacro %}

{# What stands between the word and its number. #}
{% macro score_gap() -%} (?::|[{{ blank_class() }}])[{{ blank_class() }}]* {%- endmacro %}

{% macro score_number() -%} -?[0-9]+(?:[.][0-9]+)? {%- endmacro %}

{#
    A number as double precision. A response that repeats a digit for a page must not stop
    the build: beyond 300 characters a number is infinite or cut.
#}
{% macro score_value(number) -%}
case
    when length({{ number }}) <= 300 then cast({{ number }} as {{ type_ratio() }})
    when length(ltrim(split_part({{ number }}, '.', 1), '-0')) > 250
        then cast(
            case when left({{ number }}, 1) = '-' then '-' else '' end || 'Infinity'
            as {{ type_ratio() }}
        )
    else cast(
        regexp_replace(left({{ number }}, 300), '^(-?)0+([0-9])', '\1\2')
        as {{ type_ratio() }}
    )
end
{%- endmacro %}

{# n of d as n tenths; the order of the operations is the earlier parser's. #}
{% macro score_of_ten(value, scale) -%}
case
    when {{ scale }} = 0 then null
    when {{ value }} = 0 then {{ value }}
    when abs({{ value }}) > 1e100 or abs({{ scale }}) < 1e-100
        then cast(
            case when ({{ value }} < 0) != ({{ scale }} < 0) then '-' else '' end
            || 'Infinity' as {{ type_ratio() }}
        )
    when abs({{ scale }}) > 1e100 or abs({{ value }}) < 1e-100 then 0
    else {{ value }} / {{ scale }} * 10
end
{%- endmacro %}

{# A number in words, as Python prints it: 12.0, -2.5, 1e+16, inf. #}
{% macro python_number(value) -%}
case
    when abs({{ value }}) = cast('Infinity' as {{ type_ratio() }})
        then case when {{ value }} < 0 then '-inf' else 'inf' end
    -- Postgres writes powers of ten from 1e+15 on, Python from 1e+16.
    when {{ as_text(value) }} like '%e+15'
        then {{ as_text(
            'cast(' ~ as_text(value) ~ ' as ' ~ type_exact() ~ ')'
        ) }} || case
            when regexp_like({{ as_text(value) }}, '[.][0-9]{16}') then '' else '.0'
        end
    when regexp_like({{ as_text(value) }}, '[.e]') then {{ as_text(value) }}
    else {{ as_text(value) }} || '.0'
end
{%- endmacro %}

{% macro out_of_range(value) -%}
case
    when {{ value }} < 0 or {{ value }} > 10
        then 'Score ' || {{ python_number(value) }} || ' is outside valid range 0-10'
end
{%- endmacro %}

{# The score unless something is wrong with it, and what is wrong. #}
{% macro fraction_error(scale) -%}
case when {{ scale }} = 0 then 'Invalid score fraction: division by zero' end
{%- endmacro %}
