-- The csv and the workbook of one month have the same attendances for each provider,
-- where both are of the same release.
with providers as (

    select * from {{ ref('ae_attendances') }}

),

statistics as (

    select * from {{ ref('silver_ae_attendances__provider_statistics') }}
    where is_current and not is_aggregate

),

final as (

    select
        providers.period,
        providers.org_code,
        providers.attendances_total,
        statistics.attendances_total as workbook_attendances_total,
        providers.over_4_hours_total,
        statistics.over_4_hours_total as workbook_over_4_hours_total
    from providers
    inner join statistics
        on providers.period = statistics.period
        and providers.org_code = statistics.org_code
        and providers.release_status = statistics.release_status

)

select * from final
where
    attendances_total != workbook_attendances_total
    or over_4_hours_total != workbook_over_4_hours_total
