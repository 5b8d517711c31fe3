select
    file_id,
    source_table,
    source_file,
    quarter,
    file_quarter
from {{ ref('silver_oversight__vintages') }}
group by file_id, source_table, source_file, quarter, file_quarter, file_period_end
having max(period_end) > file_period_end or max(period_end) is null
