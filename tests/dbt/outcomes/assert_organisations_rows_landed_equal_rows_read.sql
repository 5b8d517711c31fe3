select failing.*
from (
    {{ rows_not_landed('organisations', [
        'silver_organisations__ods_organisations',
        'silver_organisations__icb_lookup',
        'silver_organisations__classification',
        'silver_organisations__fhir_organisations',
    ]) }}
) as failing
inner join {{ ref('silver_organisations__vintages') }} as vintages
    on failing.file_id = vintages.file_id
    and failing.source_table = vintages.source_table
where vintages.is_used and failing.source_table != 'successions'
