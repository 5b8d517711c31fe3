{# One measure of the Overview as a column; null where it is not published. #}
{% macro overview_measure(measure_code, estimates=false, column='published_value') -%}
max(
            case
                when
                    measure_code = '{{ measure_code }}'
                    and {{ '' if estimates else 'not ' }}is_with_estimates
                    then {{ column }}
            end
        )
{%- endmacro %}

{% macro overview_count(measure_code, estimates=false) -%}
cast({{ overview_measure(measure_code, estimates) }} as {{ type_count() }})
{%- endmacro %}

{# Two counts are the same, or the publisher's sheet does not have this one. #}
{% macro same_count(published, ours) -%}
({{ published }} is null or {{ published }} = {{ ours }})
{%- endmacro %}

{# Printed to one decimal: within 0.06 of a week. #}
{% macro same_weeks(published, ours) -%}
({{ published }} is null or abs({{ published }} - {{ ours }}) <= 0.06)
{%- endmacro %}
