-- Whatever names a code, the dimension has it: no list decides who exists.
with mentions as (

    select * from {{ ref('silver_organisations__mentions') }}

),

dim_organisations as (

    select * from {{ ref('dim_organisations') }}

)

select
    mentions.org_code,
    mentions.met_in,
    mentions.met_as
from mentions
left join dim_organisations
    on mentions.org_code = dim_organisations.org_code
where dim_organisations.org_code is null
