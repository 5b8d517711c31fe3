{#
    The end of a response, where its verdict stands. Blanks are those of Python's
    str.strip() and \s, which decided what the earlier parser saw: written out, so that
    no collation has a say.
#}

{% macro blank_class() -%}
\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000
{%- endmacro %}

{# Text without blanks at its end. #}
{% macro without_blank_end(text) -%}
rtrim(
    {{ text }},
    -- One text on three lines: each continues the one above.
    e'\u0009\u000A\u000B\u000C\u000D\u001C\u001D\u001E\u001F\u0020\u0085\u00A0\u1680'
    '\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029'
    '\u202F\u205F\u3000'
)
{%- endmacro %}

{# How many lines the strategies look at, and beyond how many characters they do not. #}
{% macro closing_line_count() -%} 30 {%- endmacro %}
{% macro longest_closing() -%} 1000000 {%- endmacro %}

{#
    Whether a text's last characters hold its closing lines whole. A line is whole when
    the break before it is there too: so thirty breaks before the last character that is
    no blank, and three breaks with only blanks between them and a line's first character.
#}
{% macro holds_closing_lines(tail) -%}
(
    length({{ without_blank_end(tail) }})
    - length(replace({{ without_blank_end(tail) }}, e'\n', ''))
    >= {{ closing_line_count() }}
    and regexp_count(
        {{ tail }}, '\n[{{ blank_class() }}]*[^{{ blank_class() }}]'
    ) >= 3
)
{%- endmacro %}

{#
    The least of a text that surely holds its closing lines, without blanks at the end.
    Most responses are short and taken whole; of a long one the last characters are tried
    first, so that 100 MB are cut before any pattern sees them. Null when the closing lines
    alone are longer than longest_closing().
#}
{% macro closing_text(content) -%}
{{ without_blank_end(closing_cut(content)) }}
{%- endmacro %}

{% macro closing_cut(content) -%}
case
    when length({{ content }}) <= 8192 then {{ content }}
    {%- for characters in [8192, 131072] %}
    when {{ holds_closing_lines('right(' ~ content ~ ', ' ~ characters ~ ')') }}
        then right({{ content }}, {{ characters }})
    {%- endfor %}
    when length({{ content }}) <= {{ longest_closing() }} then {{ content }}
    when {{ holds_closing_lines('right(' ~ content ~ ', ' ~ longest_closing() ~ ')') }}
        then right({{ content }}, {{ longest_closing() }})
end
{%- endmacro %}

{# The last lines of a list of them, as one text. #}
{% macro last_lines(lines, count) -%}
array_to_string(
    ({{ lines }})[greatest(cardinality({{ lines }}) - {{ count - 1 }}, 1) :], e'\n'
)
{%- endmacro %}

{% macro last_line(text) -%} split_part({{ text }}, e'\n', -1) {%- endmacro %}

{#
    What stands above the last line, without blanks at its end. From the end upwards: a
    list of lines would have to be walked for each one, and a response may be 100,000
    blank lines.
#}
{% macro above_last_line(text) -%}
{{ without_blank_end(
    'left(' ~ text ~ ', length(' ~ text ~ ') - length(' ~ last_line(text) ~ '))'
) }}
{%- endmacro %}
