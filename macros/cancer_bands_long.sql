{#
    The time bands of one standard as rows, summed over cancer types and routes. The sums
    come first and the long shape after: one pass over the wide rows. Null where a count
    is withheld.
    bands: (column, first day, last day or none).
#}
{% macro cancer_bands_long(relation, metric, metric_label, bands) -%}
{%- set counts = bands | map('first') | list + ['total_count'] -%}
select
        summed.period,
        summed.basis,
        {{ metric }} as metric,
        '{{ metric_label }}' as metric_label,
        summed.org_code,
        summed.org_name,
        band_days.from_days,
        band_days.to_days,
        case band_days.from_days
        {%- for column, from_days, to_days in bands %}
            when {{ from_days }} then summed.{{ column }}
        {%- endfor %}
        end as band_count,
        summed.total_count,
        summed.period_start,
        summed.release_status,
        summed.source_file
    from (
        select
            period,
            basis,
            org_code,
            max(org_name) as org_name,
            {%- for column, from_days, to_days in bands %}
            {{ sum_unless_withheld(column, counts) }} as {{ column }},
            {%- endfor %}
            {{ sum_unless_withheld('total_count', counts) }} as total_count,
            min(period_start) as period_start,
            max(release_status) as release_status,
            max(source_file) as source_file
        from {{ relation }}
        group by period, basis, org_code
    ) as summed
    cross join (
        {%- for column, from_days, to_days in bands %}
        select
            {{ from_days }} as from_days,
            cast({{ 'null' if to_days is none else to_days }} as integer) as to_days
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as band_days
{%- endmacro %}
