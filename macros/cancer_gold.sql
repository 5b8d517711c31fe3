{# Shared lists of the cancer marts. #}

{# One row as published per organisation, cancer type and route; see the marts' yml. #}
{% macro cancer_target_columns() -%}
period,
        metric,
        metric_label,
        org_code,
        org_name,
        cancer_type_code,
        cancer_type,
        referral_route_code,
        referral_route,
        within_count as within_target,
        outside_count as outside_target,
        total_count,
        {{ ratio('within_count', 'total_count') }} as pct_within_target,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row
{%- endmacro %}

{#
    Rows that add up to all cancers and all routes exactly once: the 28-day standard has
    no all-routes rows by cancer, the 31- and 62-day standards have nothing else to add.
#}
{% macro cancer_adds_up_to_all() -%}
(metric = 3 or referral_route_code = 'all_routes')
{%- endmacro %}
