{#
    The loaded files of a pipeline, one row per file, basis and source table, with their
    order: no example before a real file; among files of one period, revised, final,
    provisional, unknown; later published; later loaded. The sequence is the order of
    loading, whatever the clock said. Only what a finished load wrote: the ledger knows
    its id. The loader marks files as superseded by the same order
    (loaders/ledger_write.py).
    series: tables of which each release repeats all periods. They compete as a whole: the
    latest period wins, and of twins published side by side the one with more figures.
#}
{% macro file_vintages(pipeline, series=[]) -%}
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
        files.load_sequence,
        row_number() over (
            partition by
                landed.basis,
                landed.source_table,
                {%- for column in ['period_start', 'period_end'] %}
                {%- if series %}
                case
                    when landed.source_table not in ('{{ series | join("', '") }}')
                        then files.{{ column }}
                end{{ ',' if not loop.last }}
                {%- else %}
                files.{{ column }}{{ ',' if not loop.last }}
                {%- endif %}
                {%- endfor %}
            order by
                coalesce(files.is_example, false) asc,
                files.period_end desc,
                case files.release_status
                    when 'revised' then 1
                    when 'final' then 2
                    when 'provisional' then 3
                    else 4
                end asc,
                files.published_on desc nulls last,
                {%- if series %}
                case
                    when landed.source_table in ('{{ series | join("', '") }}')
                        then landed.row_count
                end desc nulls last,
                {%- endif %}
                files.load_sequence desc nulls last,
                files._file_id desc
        ) as vintage_rank
    from {{ source('raw_' ~ pipeline, 'files') }} as files
    inner join (
        select
            _file_id,
            load_id,
            basis,
            source_table,
            sum(rows_read) as row_count
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
