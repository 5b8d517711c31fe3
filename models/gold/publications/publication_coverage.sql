with due as (

    select * from {{ ref('int_publication_expected_periods') }}

),

vintages as (

    select * from {{ ref('silver_publications__vintages') }}
    where is_current

),

loaded_periods as (

    select
        publication,
        period_start,
        period_end,
        count(distinct source_table) as table_count,
        count(distinct file_id) as file_count,
        max(case when is_example then 1 else 0 end) as has_example,
        max(case when release_status = 'provisional' then 1 else 0 end)
            as has_provisional,
        max(published_on) as published_on,
        max(loaded_at) as loaded_at
    from vintages
    group by publication, period_start, period_end

),

spans as (

    select
        publication,
        max(period_end) as last_loaded_end
    from loaded_periods
    group by publication

),

-- A file of several periods covers each of them, and one of a single month the quarter
-- it stands for.
covered as (

    select
        due.publication,
        due.period_start,
        due.period_end,
        due.expected_by,
        loaded_periods.period_start as loaded_start,
        loaded_periods.period_end as loaded_end,
        loaded_periods.table_count,
        loaded_periods.file_count,
        loaded_periods.has_example,
        loaded_periods.has_provisional,
        loaded_periods.published_on,
        loaded_periods.loaded_at,
        row_number() over (
            partition by due.publication, due.period_start, due.period_end
            order by
                loaded_periods.period_end desc nulls last,
                loaded_periods.period_start desc
        ) as cover_rank
    from due
    left join loaded_periods
        on due.publication = loaded_periods.publication
        and (
            (
                due.period_start >= loaded_periods.period_start
                and due.period_end <= loaded_periods.period_end
            )
            or (
                due.period_start <= loaded_periods.period_start
                and due.period_end >= loaded_periods.period_end
            )
        )

),

periods as (

    select
        publication,
        period_start,
        period_end,
        expected_by,
        table_count,
        file_count,
        has_example,
        has_provisional,
        published_on,
        loaded_at
    from covered
    where cover_rank = 1
    union all
    select
        loaded_periods.publication,
        loaded_periods.period_start,
        loaded_periods.period_end,
        null as expected_by,
        loaded_periods.table_count,
        loaded_periods.file_count,
        loaded_periods.has_example,
        loaded_periods.has_provisional,
        loaded_periods.published_on,
        loaded_periods.loaded_at
    from loaded_periods
    left join covered
        on loaded_periods.publication = covered.publication
        and loaded_periods.period_start = covered.loaded_start
        and loaded_periods.period_end = covered.loaded_end
    where covered.publication is null

),

final as (

    select
        periods.publication,
        {{ period_label('periods.period_start', 'periods.period_end') }} as period,
        periods.period_start,
        periods.period_end,
        periods.expected_by,
        case
            when periods.table_count is not null and periods.has_example = 1
                then 'example'
            when periods.table_count is not null and periods.has_provisional = 1
                then 'provisional'
            when periods.table_count is not null then 'loaded'
            when periods.period_end < spans.last_loaded_end then 'missing'
            when periods.expected_by < {{ as_of_date() }} then 'overdue'
            else 'awaited'
        end as status,
        periods.expected_by is not null as is_expected,
        coalesce(periods.table_count, 0) as table_count,
        coalesce(periods.file_count, 0) as file_count,
        periods.published_on,
        periods.loaded_at
    from periods
    left join spans
        on periods.publication = spans.publication

)

select * from final
