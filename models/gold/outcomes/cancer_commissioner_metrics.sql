with standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where is_target_row

),

final as (

    select
        {{ cancer_target_columns() }}
    from standard_waits
    where basis = 'commissioner' and not is_national

)

select * from final
