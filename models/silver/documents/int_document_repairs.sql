{{ view_of_news() }}

-- Every corrected column beside the row it is for.
with document_repairs as (

    select
        *,
        {{ repaired_row_key() }} as row_key
    from {{ ref('document_repairs') }}

),

final as (

    select
        row_key,
        source_csv,
        coalesce(task_id, '') as task_id,
        coalesce(generation_timestamp, '') as written_time,
        coalesce(response_file, '') as response_file,
        {% for column in repairable_document_columns() %}
        max(
            case when column_name = '{{ column }}' then {{ corrected(column) }} end
        ) as corrected_{{ column }},
        {% endfor %}
        count(*) as repair_count
    from document_repairs
    group by
        row_key,
        source_csv,
        coalesce(task_id, ''),
        coalesce(generation_timestamp, ''),
        coalesce(response_file, '')

)

select * from final
