-- Windows of tools are numbers in base 4096 (macro window_number).
select count(*) as tool_count
from (
    select
        source_app,
        tool_name
    from {{ ref('int_tool_steps') }}
    group by source_app, tool_name
) as tools
having count(*) > 4095
