with known_tables as (

    select * from {{ source('raw_publications', 'known_tables') }}

),

known_columns as (

    select * from {{ source('raw_publications', 'known_columns') }}

),

publications as (

    select * from {{ source('raw_publications', 'publications') }}

),

vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

landed_sizes as (

    {{ landed_sizes() }}

),

columns_of_tables as (

    select
        view_name,
        count(*) as column_count
    from known_columns
    group by view_name

),

holdings as (

    select
        vintages.source_table,
        sum(case when vintages.is_current then file_tables.rows_landed else 0 end)
            as row_count,
        sum(file_tables.rows_landed) as all_vintages_row_count,
        count(distinct case when vintages.is_current then vintages.period end)
            as period_count,
        min(case when vintages.is_current then vintages.period_start end)
            as first_period_start,
        max(case when vintages.is_current then vintages.period_end end)
            as last_period_end,
        count(distinct vintages.file_id) as file_count,
        cast(
            sum(file_tables.rows_landed * landed_sizes.bytes_per_row) as bigint
        ) as size_bytes,
        max(vintages.loaded_at) as last_loaded_at,
        max(case when vintages.is_example then 1 else 0 end) = 1 as has_examples
    from vintages
    inner join file_tables
        on vintages.file_id = file_tables._file_id
        and vintages.load_id = file_tables.load_id
        and vintages.source_table = file_tables.source_table
        and vintages.basis = coalesce(file_tables.basis, 'all')
    left join landed_sizes
        on file_tables.table_name = landed_sizes.table_name
    group by vintages.source_table

),

final as (

    select
        known_tables.publication,
        publications.title as publication_title,
        known_tables.table_name,
        'raw_publications.' || known_tables.view_name as dataset,
        known_tables.title as table_title,
        publications.frequency,
        publications.licence,
        publications.landing_page,
        cast(coalesce(holdings.row_count, 0) as bigint) as row_count,
        coalesce(columns_of_tables.column_count, 0) as column_count,
        coalesce(holdings.period_count, 0) as period_count,
        holdings.first_period_start,
        holdings.last_period_end,
        coalesce(holdings.file_count, 0) as file_count,
        cast(coalesce(holdings.all_vintages_row_count, 0) as bigint)
            as all_vintages_row_count,
        coalesce(holdings.size_bytes, 0) as size_bytes,
        coalesce(known_tables.is_mapped, false) as is_mapped,
        coalesce(holdings.has_examples, false) as has_examples,
        holdings.last_loaded_at
    from known_tables
    left join publications
        on known_tables.publication = publications.publication
    left join holdings
        on known_tables.view_name = holdings.source_table
    left join columns_of_tables
        on known_tables.view_name = columns_of_tables.view_name

)

select * from final
