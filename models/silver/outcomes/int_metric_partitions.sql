{{ config(materialized='table') }}

{% set code = code_version(
    [
        'int_cancer_metric_values', 'int_rtt_metric_values',
        'int_oversight_metric_values', 'metric_values_base', 'insight_metrics_long',
        'cohort_benchmarks', 'cancer_pathway',
    ],
    [
        cohort_key(cohort_columns('in_subtype'), 'x'), rtt_metric_definitions() | string,
        metric_entity_level('x'),
    ],
) %}

with catalogue as (

    select * from {{ ref('metric_catalogue') }}

),

targets as (

    select * from {{ ref('metric_targets') }}

),

-- Only what bounds a cohort: a new independent provider changes no earlier month.
organisations as (

    select
        org_code,
        region_name,
        trust_type,
        trust_subtype
    from {{ ref('dim_organisations') }}
    where coalesce(region_name, trust_type, trust_subtype) is not null

),

organisations_version as (

    select {{ rows_hash('organisations') }} as version
    from organisations

),

catalogue_versions as (

    select
        domain,
        {{ rows_hash('catalogue') }} as version
    from catalogue
    group by domain

),

target_versions as (

    select
        catalogue.domain,
        {{ rows_hash('targets') }} as version
    from targets
    inner join catalogue
        on targets.metric_id = catalogue.metric_id
    group by catalogue.domain

),

-- Marts that are rebuilt whole are known by their rows, the large one by partitions.
cancer_values as (

    select * from {{ ref('int_cancer_metric_values') }}

),

oversight_values as (

    select * from {{ ref('int_oversight_metric_values') }}

),

value_versions as (

    select
        'cancer' as domain,
        period,
        {{ rows_hash('cancer_values') }} as version
    from cancer_values
    group by period
    union all
    select
        'oversight' as domain,
        period,
        {{ rows_hash('oversight_values') }} as version
    from oversight_values
    group by period
    union all
    select
        'rtt' as domain,
        period,
        partition_version as version
    from {{ ref('silver_rtt__partitions') }}

),

final as (

    select
        value_versions.domain,
        value_versions.period,
        {{ text_hash(
            "value_versions.domain || ' ' || value_versions.period || ' '"
            " || value_versions.version || catalogue_versions.version"
            " || coalesce(target_versions.version, '')"
            " || organisations_version.version || '" ~ code ~ "'"
        ) }} as partition_version
    from value_versions
    cross join organisations_version
    inner join catalogue_versions
        on value_versions.domain = catalogue_versions.domain
    left join target_versions
        on value_versions.domain = target_versions.domain

)

select * from final
