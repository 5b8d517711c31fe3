{{ config(materialized='table') }}

with files as (

    {{ file_vintages('oversight') }}

),

metrics as (

    select * from {{ source('raw_oversight', 'metrics') }}

),

league_table as (

    select * from {{ source('raw_oversight', 'league_table') }}

),

-- Later releases print the earlier quarters of the year again.
stated as (

    {% for table in ['metrics', 'league_table'] %}
    select
        _file_id,
        _dlt_load_id,
        _source_table,
        coalesce(basis, 'all') as basis,
        {{ quarter_label_of('quarter') }} as quarter
    from {{ table }}
    group by
        _file_id,
        _dlt_load_id,
        _source_table,
        coalesce(basis, 'all'),
        {{ quarter_label_of('quarter') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

quarters as (

    select
        files.file_id,
        files.basis,
        files.source_table,
        files.load_id,
        files.period_end as file_period_end,
        files.vintage_rank as file_rank,
        files.is_example,
        files.source_file,
        files.release_status,
        files.published_on,
        files.loaded_at,
        files.load_sequence,
        {{ quarter_label('files.period_start') }} as file_quarter,
        coalesce(stated.quarter, {{ quarter_label('files.period_start') }}) as quarter
    from files
    inner join stated
        on files.file_id = stated._file_id
        and files.load_id = stated._dlt_load_id
        and files.source_table = stated._source_table
        and files.basis = stated.basis
    group by
        files.file_id,
        files.basis,
        files.source_table,
        files.load_id,
        files.period_start,
        files.period_end,
        files.vintage_rank,
        files.is_example,
        files.source_file,
        files.release_status,
        files.published_on,
        files.loaded_at,
        files.load_sequence,
        coalesce(stated.quarter, {{ quarter_label('files.period_start') }})

),

-- A later release has a quarter as the publisher knew it then. A quarter with a real
-- file of a kind of trust has no example of that kind in it.
ranked as (

    select
        *,
        row_number() over (
            partition by basis, source_table, quarter
            order by is_example asc, file_period_end desc, file_rank asc
        ) as vintage_rank,
        min(case when is_example then 1 else 0 end) over (partition by basis, quarter)
        = 0 as has_real_file
    from quarters

),

final as (

    select
        file_id,
        basis,
        quarter,
        source_table,
        load_id,
        {{ quarter_start('quarter') }} as period_start,
        {{ quarter_end('quarter') }} as period_end,
        vintage_rank,
        is_example,
        vintage_rank = 1 and not (is_example and has_real_file) as is_current,
        file_quarter,
        file_period_end,
        source_file,
        release_status,
        published_on,
        loaded_at,
        load_sequence
    from ranked

)

select * from final
