-- Chains are followed by a fixed number of joins; a test fails if one is longer.
{% set hops = range(1, 6) %}

with successions as (

    select * from {{ ref('silver_organisations__successions') }}
    where is_in_force

),

steps as (

    select
        org_code,
        count(*) > 1 as is_split,
        case when count(*) = 1 then min(successor_code) end as next_code,
        {{ text_list('successor_code', 'successor_code asc') }} as successor_codes
    from successions
    group by org_code

),

final as (

    select
        steps.org_code,
        case
            when
                steps.is_split
                {%- for hop in hops %}
                or coalesce(hop_{{ hop }}.is_split, false)
                {%- endfor %}
                then null
            else coalesce(
                {%- for hop in hops | reverse %}
                hop_{{ hop }}.next_code,
                {%- endfor %}
                steps.next_code
            )
        end as current_org_code,
        steps.successor_codes,
        steps.is_split
        {%- for hop in hops %}
        or coalesce(hop_{{ hop }}.is_split, false)
        {%- endfor %} as is_ambiguous,
        1
        {%- for hop in hops %}
        + case when hop_{{ hop }}.org_code is null then 0 else 1 end
        {%- endfor %} as chain_length
    from steps
    {% for hop in hops %}
    left join steps as hop_{{ hop }}
        on {{ 'steps' if loop.first else 'hop_' ~ (hop - 1) }}.next_code
        = hop_{{ hop }}.org_code
    {% endfor %}

)

select * from final
