{{ table_of_news() }}

{% set reasons = document_reasons() %}

with source_rows as (

    select * from {{ ref('int_document_rows') }}

),

landed as (

    select
        source_csv,
        count(distinct file_id) as version_count,
        count(*) as landed_row_count
    from {{ ref('silver_documents__result_rows') }}
    group by source_csv

),

documents as (

    select * from {{ ref('documents') }}

),

bad_generations as (

    select * from {{ ref('bad_generations') }}

),

-- Each row once, and a document of a text that was replaced beside them.
homes as (

    select
        coalesce(source_rows.source_csv, documents.source_csv) as source_csv,
        case when source_rows.natural_key is not null then 1 else 0 end as is_row,
        case when documents.doc_id is not null then 1 else 0 end as is_document,
        bad_generations.reason
    from source_rows
    full outer join documents
        on source_rows.natural_key = documents.natural_key
    left join bad_generations
        on source_rows.natural_key = bad_generations.natural_key

),

counted as (

    select
        source_csv,
        sum(is_row) as distinct_row_count,
        sum(is_document) as document_count,
        sum(case when is_row = 0 then is_document else 0 end) as earlier_document_count,
        {% for reason in reasons %}
        sum(case when reason = '{{ reason }}' then 1 else 0 end) as {{ reason }}_count,
        {% endfor %}
        count(reason) as bad_row_count
    from homes
    group by source_csv

),

final as (

    select
        counted.source_csv,
        coalesce(landed.version_count, 0) as version_count,
        coalesce(landed.landed_row_count, 0) as landed_row_count,
        cast(counted.distinct_row_count as bigint) as distinct_row_count,
        cast(counted.document_count as bigint) as document_count,
        cast(counted.earlier_document_count as bigint) as earlier_document_count,
        cast(counted.bad_row_count as bigint) as bad_row_count,
        {% for reason in reasons %}
        cast(counted.{{ reason }}_count as bigint) as {{ reason }}_count,
        {% endfor %}
        counted.distinct_row_count + counted.earlier_document_count
        = counted.document_count + counted.bad_row_count as is_balanced
    from counted
    left join landed
        on counted.source_csv = landed.source_csv

)

select * from final
