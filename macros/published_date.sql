{# A day printed as 20251101 or 2025-11-01, also with a time; else null. #}
{% macro published_date(column) -%}
{%- set day = clean_text(column) -%}
case
    when regexp_like({{ day }}, '^[12][0-9]{3}[01][0-9][0-3][0-9]$')
        then cast(
            substring({{ day }}, 1, 4) || '-' || substring({{ day }}, 5, 2)
            || '-' || substring({{ day }}, 7, 2) as date
        )
    when regexp_like({{ day }}, '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]($|T| )')
        then cast(substring({{ day }}, 1, 10) as date)
end
{%- endmacro %}
