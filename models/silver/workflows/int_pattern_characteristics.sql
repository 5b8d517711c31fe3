{{ config(materialized='table', pre_hook="{{ more_memory() }}") }}

with signatures as (

    select
        pattern_signature,
        workflow_key
    from {{ ref('int_workflow_signatures') }}
    where pattern_signature is not null

),

traits as (

    select * from {{ ref('int_workflow_traits') }}

),

-- Inputs repeat: the same lists of words are taken apart once.
groups as (

    select
        signatures.pattern_signature,
        traits.keywords,
        traits.files_mentioned,
        traits.duration_range,
        traits.complexity,
        count(*) as occurrence_count,
        sum(traits.input_length) as length_sum,
        min(traits.input_length) as length_min,
        max(traits.input_length) as length_max
    from signatures
    inner join traits
        on signatures.workflow_key = traits.workflow_key
    group by
        signatures.pattern_signature,
        traits.keywords,
        traits.files_mentioned,
        traits.duration_range,
        traits.complexity

),

lengths as (

    select
        pattern_signature,
        cast(
            round(sum(length_sum) / sum(occurrence_count)) as {{ type_whole() }}
        ) as input_length_mean,
        min(length_min) as input_length_min,
        max(length_max) as input_length_max
    from groups
    group by pattern_signature

),

named_values as (

    select
        groups.pattern_signature,
        'keywords' as characteristic,
        keywords.word as value,
        groups.occurrence_count
    from groups
    cross join {{ words_in('groups.keywords', 'keywords') }}
    union all
    select
        groups.pattern_signature,
        'files_mentioned' as characteristic,
        files.word as value,
        groups.occurrence_count
    from groups
    cross join {{ words_in('groups.files_mentioned', 'files') }}
    union all
    select
        pattern_signature,
        'duration_range' as characteristic,
        duration_range as value,
        occurrence_count
    from groups
    union all
    select
        pattern_signature,
        'complexity' as characteristic,
        complexity as value,
        occurrence_count
    from groups

),

counted as (

    select
        pattern_signature,
        characteristic,
        value,
        sum(occurrence_count) as occurrence_count
    from named_values
    group by pattern_signature, characteristic, value

),

ranked as (

    select
        *,
        row_number() over (
            partition by pattern_signature, characteristic
            order by occurrence_count desc, value asc
        ) as value_rank
    from counted

),

most_common as (

    select
        pattern_signature,
        characteristic,
        {{ json_counts(
            'value', 'occurrence_count', 'value_rank'
        ) }} as counts
    from ranked
    where value_rank <= 10
    group by pattern_signature, characteristic

),

final as (

    select
        lengths.pattern_signature,
        {{ json_object_text({
            'input_length': 'lengths.input_length_mean',
            'input_length_min': 'lengths.input_length_min',
            'input_length_max': 'lengths.input_length_max',
            'keywords': json_or_empty('keywords.counts'),
            'files_mentioned': json_or_empty('files.counts'),
            'duration_range': json_or_empty('durations.counts'),
            'complexity': json_or_empty('complexities.counts'),
        }) }} as typical_input_pattern
    from lengths
    left join most_common as keywords
        on lengths.pattern_signature = keywords.pattern_signature
        and keywords.characteristic = 'keywords'
    left join most_common as files
        on lengths.pattern_signature = files.pattern_signature
        and files.characteristic = 'files_mentioned'
    left join most_common as durations
        on lengths.pattern_signature = durations.pattern_signature
        and durations.characteristic = 'duration_range'
    left join most_common as complexities
        on lengths.pattern_signature = complexities.pattern_signature
        and complexities.characteristic = 'complexity'

)

select * from final
