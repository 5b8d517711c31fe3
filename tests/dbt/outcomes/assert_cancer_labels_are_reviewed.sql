{{ config(severity='warn') }}

select * from {{ ref('silver_cancer__labels') }}
where not is_known
