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
        source_row,
        is_example
{%- endmacro %}

{#
    Rows that add up to all cancers and all routes exactly once: of the 28-day standard
    those by route, of the 31- and 62-day standards those of all routes. A row for all
    cancers is a total itself, wherever it is printed, and never a part.
#}
{% macro cancer_adds_up_to_all(metric='metric', route='referral_route_code') -%}
(
    cancer_type_code != 'all_cancers'
    and ({{ metric }} = 3) != ({{ route }} = 'all_routes')
)
{%- endmacro %}

{#
    Rows whose counts are withheld (published as a mark). A sum over some of them would
    be too small, and parts and wholes would be of different people.
#}
{% macro withheld_count(counts, condition='true') -%}
sum(
            case
                when {{ condition }} and {{ counts | join(' + ') }} is null then 1
                else 0
            end
        )
{%- endmacro %}

{# The sum of a published count; null as soon as one of the counts is withheld. #}
{% macro sum_unless_withheld(column, counts, condition='true') -%}
case
            when {{ withheld_count(counts, condition) }} = 0
                then sum(case when {{ condition }} then {{ column }} end)
        end
{%- endmacro %}
