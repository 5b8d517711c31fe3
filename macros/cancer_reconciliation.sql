{#
    One check of published parts against the published whole: one row per period, basis,
    organisation and slice. Both sides come from one pass over the rows. An absent row
    counts as 0. Parts and whole are compared only when both were published and come
    from releases of the same status: a provisional sheet need not add up to a final one,
    and neither adds up where a count is withheld.
#}
{% macro cancer_reconciliation(
    relation, check_name, is_part, is_whole, slice, org="case when is_national then 'ENGLAND' else org_code end"
) -%}
select
        '{{ check_name }}' as check_name,
        period,
        basis,
        org_key as org_code,
        slice,
        sum(case when is_part then within_count end) as parts_within_count,
        sum(case when is_whole then within_count end) as whole_within_count,
        sum(case when is_part then total_count end) as parts_total_count,
        sum(case when is_whole then total_count end) as whole_total_count,
        max(max(case when is_part then release_status end))
            over (partition by period, basis) as parts_release_status,
        max(max(case when is_whole then release_status end))
            over (partition by period, basis) as whole_release_status,
        {{ withheld_count(['within_count', 'total_count']) }} > 0 as has_withheld
    from (
        select
            period,
            basis,
            {{ org }} as org_key,
            {{ slice }} as slice,
            within_count,
            total_count,
            release_status,
            {{ is_part }} as is_part,
            {{ is_whole }} as is_whole
        from {{ relation }}
        where {{ is_part }} or {{ is_whole }}
    ) as sides
    group by period, basis, org_key, slice
{%- endmacro %}


{# The comparisons of one check that do not add up; the reconciliation tests select them. #}
{% macro cancer_mismatches(check_name) -%}
select
    check_name,
    period,
    basis,
    org_code,
    slice,
    parts_within_count,
    whole_within_count,
    parts_total_count,
    whole_total_count
from {{ ref('cancer_reconciliations') }}
where check_name = '{{ check_name }}' and is_comparable and not is_match
{%- endmacro %}
