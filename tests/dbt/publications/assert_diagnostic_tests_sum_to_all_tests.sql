with provider_tests as (

    select * from {{ ref('silver_diagnostics_dm01__provider_tests') }}
    where is_current and not is_aggregate

),

final as (

    select
        file_id,
        provider_code,
        sum(case when not is_all_tests then total_waiting end) as tests_waiting,
        sum(case when is_all_tests then total_waiting end) as all_tests_waiting,
        sum(case when not is_all_tests then total_6_plus_weeks end) as tests_6_plus,
        sum(case when is_all_tests then total_6_plus_weeks end) as all_tests_6_plus
    from provider_tests
    group by file_id, provider_code

)

select * from final
where tests_waiting != all_tests_waiting or tests_6_plus != all_tests_6_plus
