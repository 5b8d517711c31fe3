{#
    The loaded files of a pipeline, one row per file, basis and source table, with their
    order: among files of one period, revised, final, provisional, unknown; later
    published; later loaded. Only what a finished load wrote: the ledger knows its id.
#}
{% macro file_vintages(pipeline) -%}
select
        files._file_id as file_id,
        coalesce(landed.basis, 'all') as basis,
        landed.source_table,
        files.load_id,
        files.period_start,
        files.period_end,
        files.release_status,
        coalesce(files.is_example, false) as is_example,
        files.source_file,
        files.published_on,
        files.loaded_at,
        row_number() over (
            partition by
                landed.basis,
                landed.source_table,
                files.period_start,
                files.period_end
            order by
                coalesce(files.is_example, false) asc,
                case files.release_status
                    when 'revised' then 1
                    when 'final' then 2
                    when 'provisional' then 3
                    else 4
                end asc,
                files.published_on desc nulls last,
                files.load_sequence desc nulls last,
                files._file_id desc
        ) as vintage_rank
    from {{ source('raw_' ~ pipeline, 'files') }} as files
    inner join (
        select
            _file_id,
            load_id,
            basis,
            source_table
        from {{ source('raw_' ~ pipeline, 'file_tables') }}
        group by _file_id, load_id, basis, source_table
    ) as landed
        on files._file_id = landed._file_id
        and files.load_id = landed.load_id
    where files.status in ('loaded', 'superseded')
{%- endmacro %}

{# Raw rows (`published`) meet their vintage; those of an unfinished load have none. #}
{% macro file_vintage_join() -%}
published._file_id = vintages.file_id
        and published._dlt_load_id = vintages.load_id
        and published._source_table = vintages.source_table
        and coalesce(published.basis, 'all') = vintages.basis
{%- endmacro %}
