with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where source_table = 'successions' and recency_rank = 1 and is_used

),

classification as (

    select * from {{ ref('silver_organisations__classification') }}
    where recency_rank = 1

),

published as (

    select
        *,
        case lower({{ clean_text('relation') }})
            when 'successor' then upper({{ clean_text('org_code') }})
            when 'predecessor' then upper({{ clean_text('other_code') }})
        end as old_code,
        case lower({{ clean_text('relation') }})
            when 'successor' then upper({{ clean_text('other_code') }})
            when 'predecessor' then upper({{ clean_text('org_code') }})
        end as new_code,
        lower({{ clean_text('relation') }}) = 'successor' as is_told_by_old
    from {{ source('raw_organisations', 'successions') }}

),

-- The same step is told by the code that ended, by the code that followed, or by both.
steps as (

    select
        published.old_code as org_code,
        published.new_code as successor_code,
        max(case when published.is_told_by_old then 1 else 0 end) = 1
            as is_told_by_predecessor,
        max(case when published.is_told_by_old then 0 else 1 end) = 1
            as is_told_by_successor,
        max(vintages.period_end) as as_of,
        max(vintages.source_file) as source_file
    from published
    inner join vintages
        on {{ file_vintage_join() }}
    where published.old_code != published.new_code
    group by published.old_code, published.new_code

),

final as (

    select
        steps.org_code,
        steps.successor_code,
        ended.org_name,
        followed.org_name as successor_name,
        ended.close_date,
        followed.open_date as successor_open_date,
        steps.is_told_by_predecessor,
        steps.is_told_by_successor,
        coalesce(ended.status, 'former') != 'current'
        and coalesce(ended.close_date, steps.as_of) <= steps.as_of
        and coalesce(followed.open_date, steps.as_of) <= steps.as_of as is_in_force,
        steps.as_of,
        steps.source_file
    from steps
    left join classification as ended
        on steps.org_code = ended.org_code
    left join classification as followed
        on steps.successor_code = followed.org_code

)

select * from final
