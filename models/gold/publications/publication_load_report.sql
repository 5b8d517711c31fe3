with not_loaded as (

    {{ load_report(
        source('raw_publications', 'files'),
        source('raw_publications', 'run_files'),
        source('raw_publications', 'runs')
    ) | indent }}

),

files as (

    select * from {{ source('raw_publications', 'files') }}
    where status in ('loaded', 'superseded')

),

file_sheets as (

    select * from {{ source('raw_publications', 'file_sheets') }}
    where kind = 'unrecognised'

),

final as (

    select
        source_file,
        '(file)' as sheet,
        file_id,
        status,
        reason,
        next_command,
        run_id,
        seen_at
    from not_loaded
    union all
    select
        files.source_file,
        file_sheets.sheet,
        files._file_id as file_id,
        'unrecognised sheet' as status,
        file_sheets.reason,
        'hindcast manifest ' || {{ shell_word('files.source_file') }} as next_command,
        files.run_id,
        files.loaded_at as seen_at
    from files
    inner join file_sheets
        on files._file_id = file_sheets._file_id
        and files.load_id = file_sheets.load_id

)

select * from final
