{#
    The version of a partition holds its domain and period, so it is the whole key.
    Only rows of partitions that are to be built, as literals: a condition with constants
    reaches the tables below a view, a join with the list of partitions would not, and one
    new month would read all of them. A model of one domain names it.
#}
{% macro in_new_partitions(alias, partitions_relation, domain=none) -%}
{%- if not (execute and is_incremental()) -%}
1 = 1
{%- else -%}
{%- set found = run_query(
    'select domain, period from ' ~ partitions_relation ~ ' as listed where '
    ~ only_new_partitions('listed', [])
    ~ (" and domain = '" ~ domain ~ "'" if domain else '')
    ~ ' order by domain, period'
) -%}
{%- set groups = {} -%}
{%- for row in found.rows -%}
{%- do groups.setdefault(row[0], []).append(row[1]) -%}
{%- endfor -%}
(
            1 = 0
            {%- for domain, periods in groups.items() %}
            or (
                {{ alias }}.domain = '{{ domain }}'
                and {{ alias }}.period in ('{{ periods | join("', '") }}')
            )
            {%- endfor %}
        )
{%- endif -%}
{%- endmacro %}

{# The columns of metric_values_base, in its order. #}
{% macro metric_value_columns() -%}
{{ return([
    'period', 'period_start', 'period_end', 'metric_id', 'metric_label', 'domain',
    'org_code', 'org_name', 'region_name', 'trust_type', 'trust_subtype',
    'referral_route', 'cancer_type', 'rtt_part_type', 'treatment_function_code',
    'entity_level', 'value', 'unit', 'numerator', 'denominator', 'valid_sample',
    'target_value', 'target_met', 'higher_is_better', 'is_rollup', 'rollup_method',
    'disagg_key', 'release_status', 'source_file', 'is_example',
]) }}
{%- endmacro %}

{#
    The columns of insight_metrics_long, in its order, without the partition's version.
    The file of a value stands in the base: it would be a tenth of the long table.
#}
{% macro insight_columns() -%}
{%- set columns = metric_value_columns() | reject('equalto', 'source_file') | list + [
    'percentile_overall', 'percentile_in_trust_type', 'percentile_in_subtype',
    'rank_overall', 'regional_rank',
] -%}
{%- for kind in ['overall', 'in_trust_type', 'in_subtype'] -%}
{%- for point in ['size', 'min', 'q1', 'median', 'q3', 'max'] -%}
{%- do columns.append('cohort_' ~ point ~ '_' ~ kind) -%}
{%- endfor -%}
{%- endfor -%}
{{ return(columns + ['regional_size', 'last_refreshed_at']) }}
{%- endmacro %}
