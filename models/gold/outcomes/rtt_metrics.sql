{{
    config(
        materialized='incremental', incremental_strategy='append',
        on_schema_change='fail', post_hook="{{ analyze_table() }}",
        pre_hook=[
            "{{ delete_stale_partitions(ref('silver_rtt__partitions'), ['period']) }}",
            "{{ more_memory() }}",
        ],
        indexes=[
            {'columns': ['org_code', 'period']},
            {'columns': ['period', 'partition_version']},
        ],
    )
}}

with partitions as (

    select * from {{ ref('silver_rtt__partitions') }} as listed
    where {{ only_new_partitions('listed', ['period']) }}

),

parts as (

    select * from {{ ref('silver_rtt__extract_codes') }}
    where code_kind = 'rtt_part'

),

functions as (

    select * from {{ ref('silver_rtt__extract_codes') }}
    where code_kind = 'treatment_function'

),

entities as (

    select * from {{ ref('silver_rtt__entities') }}

),

pathways as (

    select * from {{ ref('silver_rtt__pathways') }}

),

published_sums as (

    select
        partitions.file_id,
        pathways.provider_org_code,
        pathways.commissioner_org_code,
        upper(trim(pathways.commissioner_org_code)) = 'NONC' as is_nonc,
        pathways.rtt_part_type,
        pathways.treatment_function_code,
        max(pathways.open_band_from_weeks) as open_band_from_weeks,
        {{ rtt_band_sums() }},
        cast(sum(pathways.unknown_clock_start_count) as {{ type_whole() }})
            as unknown_clock_start_count,
        cast(sum(pathways.total_count) as {{ type_whole() }}) as total_count
    from partitions
    inner join pathways
        on partitions.file_id = pathways.file_id
    group by
        partitions.file_id, pathways.rtt_part_type, pathways.treatment_function_code,
        upper(trim(pathways.commissioner_org_code)) = 'NONC',
        grouping sets (
            (pathways.provider_org_code), (pathways.commissioner_org_code)
        )

),

variants as (

    select false as includes_nonc
    union all
    select true as includes_nonc

),

entity_sums as (

    select
        published_sums.file_id,
        entities.entity_level,
        entities.org_code,
        parts.code as rtt_part_type,
        parts.pathway_kind,
        functions.code as treatment_function_code,
        variants.includes_nonc,
        max(entities.org_name) as org_name,
        max(parts.name) as rtt_part_name,
        max(functions.name) as treatment_function_name,
        max(published_sums.open_band_from_weeks) as open_band_from_weeks,
        {{ rtt_band_and_block_sums() }},
        sum(published_sums.unknown_clock_start_count) as unknown_clock_start_count,
        sum(published_sums.total_count) as total_count
    from published_sums
    inner join variants
        on variants.includes_nonc or not published_sums.is_nonc
    inner join entities
        on published_sums.file_id = entities.file_id
        and entities.published_code = coalesce(
            published_sums.provider_org_code, published_sums.commissioner_org_code
        )
        and entities.code_kind = case
            when published_sums.provider_org_code is null then 'commissioner'
            else 'provider'
        end
    left join parts
        on published_sums.file_id = parts.file_id
        and published_sums.rtt_part_type = parts.published_code
    left join functions
        on published_sums.file_id = functions.file_id
        and published_sums.treatment_function_code = functions.published_code
    group by
        published_sums.file_id, entities.entity_level, entities.org_code, parts.code,
        parts.pathway_kind, functions.code, variants.includes_nonc

),

counted as (

    select
        *,
        {{ rtt_cumulative_columns() }}
    from entity_sums

),

final as (

    select
        {{ as_text('partitions.period') }} as period,
        {{ rtt_metric_columns() }},
        partitions.period_start,
        partitions.period_end,
        {{ as_text('partitions.release_status') }} as release_status,
        {{ as_text('partitions.source_file') }} as source_file,
        partitions.is_example,
        {{ as_text('partitions.partition_version') }} as partition_version
    from counted
    inner join partitions
        on counted.file_id = partitions.file_id

)

select * from final
