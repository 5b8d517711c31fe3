{#
    One text for all rows of a group, whatever their order: the sum of a 64-bit hash of
    each row, and their number. Null rows do not occur.
#}
{% macro rows_hash(alias) -%}
coalesce(sum(hashtextextended(cast({{ alias }} as {{ type_text() }}), 0)), 0)
        || '/' || count(*)
{%- endmacro %}

{# Several texts as one that no others come to: each has its length before it. #}
{% macro texts_as_one(columns) -%}
{%- for column in columns -%}
coalesce(length({{ column }}) || ':' || {{ column }}, '-')
{{- " || " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# One text as a hash. #}
{% macro text_hash(text) -%}
md5({{ text }})
{%- endmacro %}

{# sha256 of a text's bytes in utf-8, as hexadecimal digits. #}
{% macro sha256_of_text(text) -%}
encode(sha256(convert_to({{ text }}, 'UTF8')), 'hex')
{%- endmacro %}
