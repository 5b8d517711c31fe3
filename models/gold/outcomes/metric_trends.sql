{{ config(materialized='view') }}
{% set one_series = (
    'partition by metric_id, org_code, disagg_key, period_months, is_example'
) %}
{% set a_year_before = 'range between 12 preceding and 12 preceding' %}
{% set last_12_months = 'range between 11 preceding and current row' %}

with insight_metrics as (

    select
        *,
        {{ month_number('period_end') }} as month_number,
        {{ month_number('period_end') }} - {{ month_number('period_start') }} + 1
            as period_months
    from {{ ref('insight_metrics_long') }}

),

windowed as (

    select
        *,
        lag(period) over ({{ one_series }} order by month_number) as previous_period,
        lag(value) over ({{ one_series }} order by month_number) as previous_value,
        month_number - lag(month_number) over ({{ one_series }} order by month_number)
            as months_since_previous,
        max(period) over ({{ one_series }} order by month_number {{ a_year_before }})
            as year_before_period,
        max(value) over ({{ one_series }} order by month_number {{ a_year_before }})
            as year_before_value,
        count(*) over ({{ one_series }} order by month_number {{ last_12_months }})
            as months_in_mean,
        sum(numerator)
            over ({{ one_series }} order by month_number {{ last_12_months }})
            as numerator_12_months,
        sum(denominator)
            over ({{ one_series }} order by month_number {{ last_12_months }})
            as denominator_12_months,
        avg(value) over ({{ one_series }} order by month_number {{ last_12_months }})
            as mean_of_values
    from insight_metrics

),

final as (

    select
        metric_id,
        metric_label,
        domain,
        org_code,
        org_name,
        region_name,
        trust_type,
        disagg_key,
        referral_route,
        cancer_type,
        rtt_part_type,
        treatment_function_code,
        entity_level,
        period,
        period_start,
        period_end,
        value,
        unit,
        numerator,
        denominator,
        valid_sample,
        higher_is_better,
        percentile_overall,
        previous_period,
        previous_value,
        value - previous_value as change_on_previous,
        months_since_previous = period_months as is_previous_adjacent,
        year_before_period,
        year_before_value,
        value - year_before_value as change_on_year,
        case
            when higher_is_better then value - year_before_value
            else year_before_value - value
        end > 0 as is_better_than_year_before,
        case
            when period_months != 1 then null
            when numerator is not null
                then {{ ratio('numerator_12_months', 'denominator_12_months') }}
            when unit != 'ratio' then mean_of_values
        end as mean_12_months,
        case when period_months = 1 then months_in_mean end as months_in_mean,
        is_example
    from windowed

)

select * from final
