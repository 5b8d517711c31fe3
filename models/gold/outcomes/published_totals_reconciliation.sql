with compared as (

    select * from {{ ref('int_cancer_totals_compared') }}
    union all
    select * from {{ ref('int_rtt_totals_compared') }}

),

final as (

    select
        domain,
        period,
        period_start,
        metric_id,
        measure,
        published_in,
        published_value,
        our_value,
        our_value - published_value as difference,
        case
            when our_value is null then 'not loaded'
            when our_value = published_value then 'equal'
            when abs(our_value - published_value) <= tolerance then 'equal as printed'
            else 'differs'
        end as reconciliation_status,
        source_file,
        is_example
    from compared

)

select * from final
