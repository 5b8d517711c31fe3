-- Successions become steps; another test looks for each of them.
with {{ landings('organisations', [
    'silver_organisations__ods_organisations',
    'silver_organisations__icb_lookup',
    'silver_organisations__classification',
    'silver_organisations__fhir_organisations',
]) }},

vintages as (

    select * from {{ ref('silver_organisations__vintages') }}
    where is_used and source_table != 'successions'

)

select landings.*
from landings
inner join vintages
    on landings.file_id = vintages.file_id
    and landings.source_table = vintages.source_table
where
    landings.rows_read != landings.rows_landed
    or landings.rows_landed != landings.rows_found
