-- Every way a date is printed, and what is no date.
with cells as (

    {{ text_rows([
        ['2025-11-01', '2025-11-01'],
        ['2025-11-01 00:00:00', '2025-11-01'],
        ['2025-11-01T00:00:00Z', '2025-11-01'],
        ['20251101', '2025-11-01'],
        ['01NOV2025', '2025-11-01'],
        ['01-Sep-20', '2020-09-01'],
        ['1 September 2020', '2020-09-01'],
        ['31-Mar-1998', '1998-03-31'],
        ['01/09/98', '1998-09-01'],
        ['30/04/2024', '2024-04-30'],
        ['30/04/2024 00:00', '2024-04-30'],
        ['1/4/2024', '2024-04-01'],
        ['MAR2019', '2019-03-01'],
        ['Nov-25', '2025-11-01'],
        ['November 2025', '2025-11-01'],
        ['Sept 2025', '2025-09-01'],
        ['2025-11', '2025-11-01'],
        [' 29-Feb-24 ', '2024-02-29'],
        ['29-Feb-23', none],
        ['31/04/2024', none],
        ['04/30/2024', none],
        ['2025-02-30', none],
        ['2025-13-01', none],
        ['202511', none],
        ['45000', none],
        ['2024-25', none],
        ['Summary 2025', none],
        ['Mar', none],
        ['', none],
        [none, none],
    ], ['published', 'expected_date']) }}

),

final as (

    select
        published,
        {{ published_date('published') }} as found_date,
        cast(expected_date as date) as expected_date
    from cells

)

select * from final
where
    coalesce(found_date, {{ end_of_time() }})
    != coalesce(expected_date, {{ end_of_time() }})
