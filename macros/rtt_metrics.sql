{#
    The columns of rtt_metrics from the sums of one organisation, part and function.
    Part_3 counts clock starts, which have no waits: all of its waits are null. Where
    bands end at 52 weeks nothing is known of 65, 78 and 104. A third of the completed rows
    leave the unknown clocks blank: none.
#}
{% macro rtt_metric_columns() -%}
{%- set has_waits = "pathway_kind != 'new_periods'" -%}
entity_level,
        org_code,
        org_name,
        rtt_part_type,
        rtt_part_name,
        treatment_function_code,
        treatment_function_name,
        includes_nonc,
        case when pathway_kind = 'incomplete' then total_count end
        as waiting_list_count,
        case when pathway_kind = 'completed' then total_count end
        as completed_count,
        case when pathway_kind = 'new_periods' then total_count end
        as new_periods_count,
        case when {{ has_waits }} then known_clock_count end
        as known_clock_count,
        case
            when pathway_kind = 'completed'
                then coalesce(unknown_clock_start_count, 0)
        end as unknown_clock_start_count,
        {%- for weeks in [18, 26, 40, 52, 65, 78, 104] %}
        {%- set counted = has_waits -%}
        {%- if weeks > 52 -%}
            {%- set counted = has_waits ~ ' and open_band_from_weeks > 52' -%}
        {%- endif %}
        {%- if weeks == 18 %}
        case
            when {{ counted }}
                then known_clock_count - over_18_weeks_count
        end as within_18_weeks_count,
        {%- endif %}
        case when {{ counted }} then over_{{ weeks }}_weeks_count end
        as over_{{ weeks }}_weeks_count,
        {%- endfor %}
        case
            when {{ has_waits }}
                then {{ ratio('known_clock_count - over_18_weeks_count', 'known_clock_count') }}
        end as pct_within_18_weeks,
        {%- for weeks in [18, 52, 65, 78] %}
        case
            when {{ has_waits }}{{ ' and open_band_from_weeks > 52' if weeks > 52 }}
                then {{ ratio('over_' ~ weeks ~ '_weeks_count', 'known_clock_count') }}
        end as pct_over_{{ weeks }}_weeks,
        {%- endfor %}
        case
            when pathway_kind = 'completed'
                then {{ ratio('coalesce(unknown_clock_start_count, 0)', 'total_count') }}
        end as unknown_clock_start_pct,
        {{ rtt_wait_quantile(50) }} as median_wait_weeks,
        {{ rtt_wait_quantile(92) }} as p92_wait_weeks,
        {{ rtt_wait_quantile(95) }} as p95_wait_weeks
{%- endmacro %}

{# A hash of all that the rows of rtt_metrics are computed by; see code_version. #}
{% macro rtt_metrics_version() -%}
{{ return(code_version(
    [
        'rtt_metrics', 'silver_rtt__pathways', 'silver_rtt__entities',
        'silver_rtt__extract_codes', 'rtt_parts', 'rtt_treatment_functions'
    ],
    [
        rtt_band_sums(), rtt_band_and_block_sums(), rtt_cumulative_columns(),
        rtt_metric_columns()
    ]
)) }}
{%- endmacro %}
