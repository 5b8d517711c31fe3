{#
    Files of a pipeline that did not load, why, and the command that tries again: from
    the ledger of files, and from that of runs for a file that never reached it (its
    download failed).
#}
{% macro load_report(files, run_files, runs) -%}
with files as (

    select * from {{ files }}

),

run_files as (

    select * from {{ run_files }}

),

runs as (

    select * from {{ runs }}

),


outcomes as (

    select
        run_files.source_file,
        run_files._file_id as file_id,
        run_files.status,
        run_files.reason,
        run_files.next_command,
        run_files.run_id,
        runs.started_at,
        row_number() over (
            partition by run_files.source_file
            order by runs.started_at desc nulls last, run_files.run_id desc
        ) as outcome_rank
    from run_files
    left join runs
        on run_files.run_id = runs.run_id

),

last_outcomes as (

    select * from outcomes
    where outcome_rank = 1

),

open_files as (

    select * from files
    where status in ('quarantined', 'failed')

),

open_outcomes as (

    select last_outcomes.*
    from last_outcomes
    left join files
        on last_outcomes.file_id = files._file_id
    where
        last_outcomes.status in ('quarantined', 'failed')
        and (files._file_id is null or files.status not in ('quarantined', 'failed'))

),

final as (

    select
        open_files.source_file,
        open_files._file_id as file_id,
        open_files.status,
        open_files.reason,
        open_files.next_command,
        open_files.run_id,
        open_files.first_seen_at as seen_at
    from open_files
    union all
    select
        open_outcomes.source_file,
        open_outcomes.file_id,
        open_outcomes.status,
        open_outcomes.reason,
        open_outcomes.next_command,
        open_outcomes.run_id,
        open_outcomes.started_at as seen_at
    from open_outcomes

)

select * from final
{%- endmacro %}
