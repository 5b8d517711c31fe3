{# A date to its month, 'YYYY-MM'. #}
{% macro month_label(date_column) -%}
to_char({{ date_column }}, 'YYYY-MM')
{%- endmacro %}

{# A month, 'YYYY-MM', to its first day. #}
{% macro month_start(period_column) -%}
cast({{ period_column }} || '-01' as date)
{%- endmacro %}

{# A month, 'YYYY-MM', to its last day. #}
{% macro month_end(period_column) -%}
cast(cast({{ period_column }} || '-01' as date) + interval '1 month - 1 day' as date)
{%- endmacro %}

{# The last day of the month of a date. #}
{% macro last_of_month(date_column) -%}
cast(date_trunc('month', {{ date_column }}) + interval '1 month - 1 day' as date)
{%- endmacro %}

{# A day after all others, for what has no end. #}
{% macro end_of_time() -%}
cast('9999-12-31' as date)
{%- endmacro %}

{# The day a report speaks of: today, or `--vars '{as_of: 2025-12-31}'`. #}
{% macro as_of_date() -%}
{{ "cast('" ~ var('as_of') ~ "' as date)" if var('as_of', none) else 'current_date' }}
{%- endmacro %}

{# How many months a publication's period has; null for what has no regular periods. #}
{% macro months_of_frequency(frequency) -%}
case {{ frequency }}
            when 'monthly' then 1
            when 'quarterly' then 3
            when 'annual' then 12
        end
{%- endmacro %}

{# A month that begins a period of 1, 3 or 12 months; years begin in April. #}
{% macro begins_period(month_start, months) -%}
mod(cast(extract(month from {{ month_start }}) as integer) + 8, {{ months }}) = 0
{%- endmacro %}

{# The last day of so many months, the first of which begins on the given day. #}
{% macro last_of_months(month_start, months) -%}
cast({{ month_start }} + {{ months }} * interval '1 month' - interval '1 day' as date)
{%- endmacro %}

{#
    When a release is due: so many weeks after its period, and not before the end of the
    month that names it where that is another than the month of the figures.
#}
{% macro due_date(period_start, period_end, lag_weeks, offset_months) -%}
cast(
            greatest(
                {{ period_end }} + 7 * {{ lag_weeks }},
                cast(
                    date_trunc('month', {{ period_start }})
                    + ({{ offset_months }} + 1) * interval '1 month' - interval '1 day'
                    as date
                )
            ) as date
        )
{%- endmacro %}

{#
    Per publication the months, one row each, from those of the first period to the last
    that is over on the day of the report.
#}
{% macro month_spine(schedules) -%}
select
        {{ schedules }}.publication,
        cast(months.month_start as date) as month_start
    from {{ schedules }}
    cross join lateral generate_series(
        date_trunc('month', {{ schedules }}.first_start)
        - ({{ schedules }}.period_months - 1) * interval '1 month',
        {{ as_of_date() }} - interval '1 month',
        interval '1 month'
    ) as months (month_start)
{%- endmacro %}
