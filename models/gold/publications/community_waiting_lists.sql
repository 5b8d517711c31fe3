with waits as (

    select * from {{ ref('silver_community_health_services__waits') }}
    where is_current

),

-- A blank says that nobody submitted the service; it is no waiting list of nobody.
submitted as (

    select
        *,
        coalesce(organisation_code, 'ENG') as org_code
    from waits
    where people_waiting_mark is null or people_waiting_mark != 'blank'

),

final as (

    select
        period,
        org_code,
        service_code,
        max(organisation_type) as organisation_type,
        max(organisation_name) as organisation_name,
        max({{ service_name('service_as_published') }}) as service_name,
        case
            when service_code like 'cyp!_%' escape '!'
                then 'children and young people'
            else 'adults'
        end as patient_group,
        {{ waiting_in_band('total') }} as total_waiting,
        {{ waiting_in_band('0_to_1_weeks') }} as waiting_0_to_1_weeks,
        {{ waiting_in_band('1_to_2_weeks') }} as waiting_1_to_2_weeks,
        {{ waiting_in_band('2_to_4_weeks') }} as waiting_2_to_4_weeks,
        {{ waiting_in_band('4_to_12_weeks') }} as waiting_4_to_12_weeks,
        {{ waiting_in_band('12_to_18_weeks') }} as waiting_12_to_18_weeks,
        {{ waiting_in_band('18_to_52_weeks') }} as waiting_18_to_52_weeks,
        {{ waiting_in_band('over_52_weeks') }} as waiting_over_52_weeks,
        {{ waiting_in_band('52_to_104_weeks') }} as waiting_52_to_104_weeks,
        {{ waiting_in_band('over_104_weeks') }} as waiting_over_104_weeks,
        max(period_start) as period_start,
        max(period_end) as period_end,
        max(release_status) as release_status,
        max(case when is_aggregate then 1 else 0 end) = 1 as is_aggregate,
        max(case when is_example then 1 else 0 end) = 1 as is_example,
        max(file_id) as file_id,
        max(source_file) as source_file
    from submitted
    group by period, org_code, service_code

)

select * from final
