with reviews as (

    select * from {{ ref('silver_workflows__reviews') }}

),

steps as (

    select * from {{ ref('pattern_status_steps') }}

),

patterns as (

    select * from {{ ref('pattern_statistics') }}

),

numbered as (

    select
        coalesce(pattern_signature, '(none)') as pattern_signature,
        coalesce(decision, '(none)') as decision,
        decision in (
            'detected', 'candidate', 'approved', 'implemented', 'active', 'deprecated',
            'rejected'
        ) as is_known,
        reviewed_by,
        reviewed_at,
        review_reason,
        file_id,
        source_row,
        row_number() over (
            partition by pattern_signature
            order by
                reviewed_at asc nulls first,
                load_sequence asc,
                table_key asc,
                source_row asc
        ) as review_number
    from reviews

),

-- What nobody understands changes nothing: the decision before it still holds.
preceded as (

    select
        *,
        {{ last_before(
            'case when is_known then review_number end', 'pattern_signature',
            'review_number'
        ) }} as number_before
    from numbered

),

final as (

    select
        preceded.pattern_signature,
        cast(preceded.review_number as {{ type_whole() }}) as review_number,
        coalesce(earlier.decision, 'detected') as status_before,
        preceded.decision as automation_status,
        case
            when not coalesce(preceded.is_known, false) then 'unknown status'
            when patterns.pattern_signature is null then 'pattern not detected'
            when preceded.decision = coalesce(earlier.decision, 'detected')
                then 'confirmed'
            when steps.to_status is null then 'illegal step'
            else 'legal step'
        end as step_check,
        coalesce(
            preceded.is_known
            and patterns.pattern_signature is not null
            and (
                steps.to_status is not null
                or preceded.decision = coalesce(earlier.decision, 'detected')
            ),
            false
        ) as is_legal,
        coalesce(
            preceded.is_known
            and preceded.review_number
            = max(case when preceded.is_known then preceded.review_number end) over (
                partition by preceded.pattern_signature
            ),
            false
        ) as is_current,
        preceded.reviewed_by,
        preceded.reviewed_at,
        preceded.review_reason,
        preceded.file_id,
        preceded.source_row
    from preceded
    left join numbered as earlier
        on preceded.pattern_signature = earlier.pattern_signature
        and preceded.number_before = earlier.review_number
    left join steps
        on preceded.decision = steps.to_status
        and coalesce(earlier.decision, 'detected') = steps.from_status
    left join patterns
        on preceded.pattern_signature = patterns.pattern_signature

)

select * from final
