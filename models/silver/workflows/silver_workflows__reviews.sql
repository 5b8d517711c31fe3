with tables as (

    {{ loaded_tables('workflows', 'pattern_reviews') }}

),

landed as (

    select * from {{ source('raw_workflows', 'pattern_reviews_landed') }}

),

decisions as (

    select
        lower({{ filled('landed.pattern_signature') }}) as pattern_signature,
        lower({{ filled('landed.automation_status') }}) as decision,
        {{ filled('landed.reviewed_by') }} as reviewed_by,
        {{ utc_timestamp('landed.reviewed_at') }} as reviewed_at,
        {{ filled('landed.reviewed_at') }} as reviewed_at_text,
        {{ filled('landed.reason') }} as review_reason,
        tables.load_sequence,
        tables.file_id,
        landed._table_key as table_key,
        landed._source_row as source_row
    from landed
    inner join tables
        on landed._table_key = tables.table_key

),

-- A list of decisions that grew is loaded again: each decision counts once.
ranked as (

    select
        *,
        row_number() over (
            partition by
                pattern_signature,
                decision,
                reviewed_by,
                coalesce(cast(reviewed_at as {{ type_text() }}), reviewed_at_text),
                review_reason
            order by load_sequence asc, table_key asc, source_row asc
        ) as landing_rank
    from decisions

),

final as (

    select
        pattern_signature,
        decision,
        reviewed_by,
        reviewed_at,
        reviewed_at_text,
        review_reason,
        load_sequence,
        file_id,
        table_key,
        source_row
    from ranked
    where landing_rank = 1

)

select * from final
