with patterns as (

    select * from {{ ref('operation_patterns') }}

),

final as (

    select
        pattern_signature,
        pattern_type,
        occurrence_count,
        confidence_score,
        potential_monthly_savings,
        potential_monthly_savings * 12 as potential_annual_savings,
        potential_monthly_savings_shared,
        confidence_score >= {{ var('pattern_priority_confidence', 70) }}
        and potential_monthly_savings >= {{ var('pattern_priority_savings', 1000) }}
        and occurrence_count >= {{ var('pattern_priority_occurrences', 5) }}
            as is_high_priority,
        cost_quality,
        automation_status,
        created_at,
        last_seen
    from patterns
    where
        automation_status in ('detected', 'candidate')
        and not is_rejected
        and confidence_score >= {{ var('pattern_candidate_confidence', 70) }}
        and potential_monthly_savings
        >= {{ var('pattern_candidate_savings', 0.50) }}

)

select * from final
