{#
    Ranks within cohorts without sorting wide rows. A cohort is aggregated to one sorted
    list of its values, worst last; the place of a row is the number of values in that
    list at most as bad as its own, found by binary search. Windows would sort every row
    once per cohort, in one process.

    badness    the value, turned so that a smaller one is better; null when the row is
               not ranked (no value, no direction, or too few people)
    cohort key one number for the columns that bound a cohort; null when one of them is
#}

{% macro badness(alias) -%}
case
            when not {{ alias }}.valid_sample then null
            when {{ alias }}.higher_is_better then -{{ alias }}.value
            when not {{ alias }}.higher_is_better then {{ alias }}.value
        end
{%- endmacro %}

{#
    64-bit hash over the columns, each hash the seed of the next. A test makes sure that no
    two cohorts share one (assert_metric_cohort_keys_are_unique).
#}
{% macro cohort_key(columns, alias) -%}
{%- set hash = namespace(text='0') -%}
{%- for column in columns -%}
{%- set hash.text = 'hashtextextended(' ~ alias ~ '.' ~ column ~ ', ' ~ hash.text ~ ')' -%}
{%- endfor -%}
{{ hash.text }}
{%- endmacro %}

{# What bounds each cohort, beside metric, period and disaggregation. #}
{% macro cohort_columns(kind) -%}
{{ return(['metric_id', 'period', 'disagg_key'] + {
    'overall': [],
    'in_trust_type': ['trust_type'],
    'in_subtype': ['trust_type', 'trust_subtype'],
    'in_region': ['region_name'],
}[kind]) }}
{%- endmacro %}

{#
    One row per cohort of a kind: key, size, the sorted lists and the five quartile points.
    The rows come from a relation with the columns of metric_values_base and `badness`.
#}
{% macro ranked_cohorts(relation, kind, keep=[]) -%}
{%- set columns = cohort_columns(kind) -%}
select
        grouped.*,
        cardinality(sorted.badnesses) as cohort_size,
        sorted.badnesses,
        sorted.goodnesses,
        {%- for name, place in [
            ('min', 0), ('q1', 0.25), ('median', 0.5), ('q3', 0.75), ('max', 1)
        ] %}
        case
            when grouped.higher_is_better
                then -{{ sorted_quantile('sorted.badnesses', 1 - place) }}
            else {{ sorted_quantile('sorted.badnesses', place) }}
        end as cohort_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ cohort_key(columns, 'members') }} as cohort_key,
            {%- for column in keep %}
            min(members.{{ column }}) as {{ column }},
            {%- endfor %}
            bool_and(members.higher_is_better) as higher_is_better,
            array_agg(members.badness) as unsorted
        from {{ relation }} as members
        where
            members.badness is not null
            {%- for column in columns[3:] %}
            and members.{{ column }} is not null
            {%- endfor %}
        group by {{ cohort_key(columns, 'members') }}
    ) as grouped
    cross join lateral (
        select
            array_agg(listed.badness order by listed.badness) as badnesses,
            array_agg(-listed.badness order by -listed.badness) as goodnesses
        from unnest(grouped.unsorted) as listed (badness)
    ) as sorted
{%- endmacro %}

{# Linear interpolation between neighbours, as percentile_cont does. #}
{% macro sorted_quantile(list, place) -%}
{%- if place in (0, 1) -%}
{{ list }}[{{ 1 if place == 0 else 'cardinality(' ~ list ~ ')' }}]
{%- else -%}
{%- set position = '(' ~ place ~ ' * (cardinality(' ~ list ~ ') - 1))' -%}
{%- set below = 'cast(floor(' ~ position ~ ') as integer)' -%}
(
                {{ list }}[1 + {{ below }}]
                + ({{ position }} - {{ below }})
                * (
                    {{ list }}[least(2 + {{ below }}, cardinality({{ list }}))]
                    - {{ list }}[1 + {{ below }}]
                )
            )
{%- endif -%}
{%- endmacro %}

{# 1 = best of the cohort, 0 = worst, ties share; null in a cohort of one. #}
{% macro cohort_percentile(alias, badness) -%}
cast(
            {{ alias }}.cohort_size - width_bucket({{ badness }}, {{ alias }}.badnesses)
            as {{ type_ratio() }}
        ) / nullif({{ alias }}.cohort_size - 1, 0)
{%- endmacro %}

{# 1 = best of the cohort; ties share the better place. #}
{% macro cohort_rank(alias, badness) -%}
cast(
            1 + {{ alias }}.cohort_size
            - width_bucket(-{{ badness }}, {{ alias }}.goodnesses)
            as integer
        )
{%- endmacro %}

{# Who is in a cohort, in words: 'all providers with at least 20'. #}
{% macro cohort_in_words(alias, catalogue) -%}
case {{ alias }}.cohort_kind
            when 'overall' then 'all '
            else {{ alias }}.cohort_name || ': '
        end
        || case {{ alias }}.entity_level
            when 'provider' then 'providers'
            when 'icb' then 'integrated care boards, by provider'
            when 'commissioner_icb' then 'integrated care boards, by commissioner'
            when 'commissioning_hub' then 'commissioning hubs and regions'
            else 'England'
        end
        || coalesce(
            ' with at least '
            || cast({{ catalogue }}.min_denominator as {{ type_text() }}),
            ' with a value'
        )
{%- endmacro %}
