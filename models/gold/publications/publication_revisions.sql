with row_pairs as (

    select * from {{ ref('int_publication_row_pairs') }}

),

cells as (

    select * from {{ ref('int_publication_revised_cells') }}
    where column_role = 'measure'

),

vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

values_compared as (

    select
        row_pairs.*,
        after.column_name,
        after.published_name,
        before.published_value as value_before,
        after.published_value as value_after,
        {{ nhs_number('before.published_value') }} as number_before,
        {{ nhs_number('after.published_value') }} as number_after
    from row_pairs
    inner join cells as before
        on row_pairs.before_table_key = before.table_key
        and row_pairs.before_source_row = before.source_row
        and row_pairs.period = before.compared_period
    inner join cells as after
        on row_pairs.after_table_key = after.table_key
        and row_pairs.after_source_row = after.source_row
        and row_pairs.period = after.compared_period
        and before.column_name = after.column_name
    where coalesce(before.published_value, '') != coalesce(after.published_value, '')

),

revisions as (

    select
        source_table,
        basis,
        is_example,
        period,
        before_file_id,
        after_file_id,
        row_key,
        row_label,
        column_name,
        published_name,
        'changed' as change,
        nullif(value_before, '') as value_before,
        nullif(value_after, '') as value_after,
        number_before,
        number_after,
        before_source_row,
        after_source_row
    from values_compared
    -- Workbooks of two releases may print one number with other last digits.
    where
        number_before is null
        or number_after is null
        or abs(number_after - number_before)
        > 1e-9 * greatest(abs(number_before), abs(number_after))
    union all
    select
        source_table,
        basis,
        is_example,
        period,
        before_file_id,
        after_file_id,
        row_key,
        row_label,
        '(row)' as column_name,
        null as published_name,
        case
            when before_source_row is null then 'appeared'
            else 'vanished'
        end as change,
        null as value_before,
        null as value_after,
        null as number_before,
        null as number_after,
        before_source_row,
        after_source_row
    from row_pairs
    where before_source_row is null or after_source_row is null

),

final as (

    select
        {{ publication_of('revisions.source_table') }} as publication,
        {{ table_of('revisions.source_table') }} as table_name,
        revisions.basis,
        revisions.period,
        revisions.row_key,
        revisions.row_label,
        revisions.column_name,
        revisions.published_name,
        revisions.change,
        revisions.value_before,
        revisions.value_after,
        revisions.number_before,
        revisions.number_after,
        revisions.number_after - revisions.number_before as difference,
        revisions.is_example,
        before.period as before_release_period,
        before.release_status as before_release_status,
        before.source_file as before_source_file,
        revisions.before_source_row,
        revisions.before_file_id,
        after.period as after_release_period,
        after.release_status as after_release_status,
        after.source_file as after_source_file,
        revisions.after_source_row,
        revisions.after_file_id
    from revisions
    inner join vintages as before
        on revisions.before_file_id = before.file_id
        and revisions.source_table = before.source_table
        and revisions.basis = before.basis
    inner join vintages as after
        on revisions.after_file_id = after.file_id
        and revisions.source_table = after.source_table
        and revisions.basis = after.basis

)

select * from final
