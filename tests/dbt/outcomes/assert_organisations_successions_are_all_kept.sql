-- Each published relation of the newest list is a step from one code to another.
with vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where source_table = 'successions' and recency_rank = 1 and is_used

),

published as (

    select * from {{ source('raw_organisations', 'successions') }}

),

successions as (

    select * from {{ ref('organisation_successions') }}

)

select
    published.org_code,
    published.relation,
    published.other_code
from published
inner join vintages
    on {{ file_vintage_join() }}
left join successions
    on case lower(published.relation)
        when 'successor' then published.org_code
        when 'predecessor' then published.other_code
    end = successions.org_code
    and case lower(published.relation)
        when 'successor' then published.other_code
        when 'predecessor' then published.org_code
    end = successions.successor_code
where successions.org_code is null
