{# From the marts of one domain to metric values: one shape for all of them. #}

{# The share within the days of a cancer standard, by the standard's number. #}
{% macro cancer_metric_id(metric) -%}
case {{ metric }}
            when 3 then 'cancer_28d_pct_within_target'
            when 5 then 'cancer_31d_pct_within_target'
            when 8 then 'cancer_62d_pct_within_target'
        end
{%- endmacro %}

{# How far urgent suspected cancer is from all routes; not published for 31 days. #}
{% macro cancer_gap_metric_id(metric) -%}
case {{ metric }}
            when 3 then 'cancer_28d_gap_usc_all'
            when 8 then 'cancer_62d_gap_usc_all'
        end
{%- endmacro %}

{#
    Of what a value is, in one text: route | cancer type | part of the pathway | treatment
    function | level, '~' for what does not apply. Values compare only within one key.
#}
{% macro disagg_key() -%}
{%- for column in [
    'referral_route', 'cancer_type', 'rtt_part_type', 'treatment_function_code',
    'entity_level'
] -%}
coalesce(metric_values.{{ column }}, '~'){{ " || ' | ' || " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#
    The rows that speak for an organisation as a whole: all cancers and routes, all
    treatment functions, and the waiting list as a whole (Part_2A, those with a decision to
    admit, is a part of it). Admitted and non-admitted completions stay two rows.
#}
{% macro is_headline(alias) -%}
(
        {{ alias }}.cancer_type is null
        and coalesce({{ alias }}.referral_route, 'GAP') in ('ALL ROUTES', 'GAP')
        and coalesce({{ alias }}.treatment_function_code, 'C_999') = 'C_999'
        and coalesce({{ alias }}.rtt_part_type, 'Part_2') != 'Part_2A'
    )
{%- endmacro %}

{#
    Hubs and regions of NHS England stand among the commissioners in rtt_metrics, so that
    they add up to England; compared with each other are only integrated care boards, whose
    codes (and those of the partnerships before them) begin with Q.
#}
{% macro metric_entity_level(alias) -%}
case
            when
                {{ alias }}.entity_level = 'commissioner_icb'
                and not {{ alias }}.org_code like 'Q%'
                then 'commissioning_hub'
            else {{ alias }}.entity_level
        end
{%- endmacro %}

{#
    What waiting lists and completed pathways say, by metric:
    (metric, parts, value, numerator, denominator).
#}
{% macro rtt_metric_definitions() -%}
{{ return([
    ('rtt_pct_within_18', ['Part_2', 'Part_2A'], none,
        'within_18_weeks_count', 'waiting_list_count'),
    ('rtt_pct_over_52', ['Part_2', 'Part_2A'], none,
        'over_52_weeks_count', 'waiting_list_count'),
    ('rtt_pct_over_65', ['Part_2', 'Part_2A'], none,
        'over_65_weeks_count', 'waiting_list_count'),
    ('rtt_median_weeks_waiting', ['Part_2', 'Part_2A'], 'median_wait_weeks',
        none, 'waiting_list_count'),
    ('rtt_p92_weeks_waiting', ['Part_2', 'Part_2A'], 'p92_wait_weeks',
        none, 'waiting_list_count'),
    ('rtt_compliance_18w', ['Part_1A', 'Part_1B'], none,
        'within_18_weeks_count', 'known_clock_count'),
    ('rtt_p95_weeks_completed', ['Part_1A', 'Part_1B'], 'p95_wait_weeks',
        none, 'known_clock_count'),
    ('rtt_unknown_clock_start_rate', ['Part_1A', 'Part_1B'], none,
        'unknown_clock_start_count', 'completed_count'),
]) }}
{%- endmacro %}

{# Months since the year 0, so that a year is 12 wherever months are missing. #}
{% macro month_number(date_column) -%}
cast(
            extract(year from {{ date_column }}) * 12
            + extract(month from {{ date_column }})
            as integer
        )
{%- endmacro %}

{#
    Figures that the RTT overview prints and we compute:
    (metric, parts, measure, our column, published column, tolerance of the print).
#}
{% macro rtt_overview_comparisons() -%}
{{ return([
    ('rtt_pct_within_18', ['Part_2', 'Part_2A'], 'waiting',
        'waiting_list_count', 'waiting_list_count', 0),
    ('rtt_pct_within_18', ['Part_2', 'Part_2A'], 'within 18 weeks',
        'within_18_weeks_count', 'within_18_weeks_count', 0),
    ('rtt_pct_over_52', ['Part_2', 'Part_2A'], 'over 52 weeks',
        'over_52_weeks_count', 'over_52_weeks_count', 0),
    ('rtt_pct_over_65', ['Part_2', 'Part_2A'], 'over 65 weeks',
        'over_65_weeks_count', 'over_65_weeks_count', 0),
    ('rtt_median_weeks_waiting', ['Part_2', 'Part_2A'], 'median weeks',
        'median_wait_weeks', 'median_wait_weeks', 0.05),
    ('rtt_p92_weeks_waiting', ['Part_2', 'Part_2A'], '92nd percentile in weeks',
        'p92_wait_weeks', 'p92_wait_weeks', 0.05),
    ('rtt_compliance_18w', ['Part_1A', 'Part_1B'], 'completed',
        'completed_count', 'completed_count', 0),
    ('rtt_compliance_18w', ['Part_1A', 'Part_1B'], 'completed within 18 weeks',
        'within_18_weeks_count', 'within_18_weeks_count', 0),
    ('rtt_p95_weeks_completed', ['Part_1A', 'Part_1B'], '95th percentile in weeks',
        'p95_wait_weeks', 'p95_wait_weeks', 0.05),
]) }}
{%- endmacro %}

{# Texts as a list of literals: 'a', 'b'. #}
{% macro quoted(texts) -%}
'{{ texts | join("', '") }}'
{%- endmacro %}
