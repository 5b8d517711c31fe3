-- Every way a number or a mark is printed, what becomes of it, and what stays apart.
with cells as (

    {{ text_rows([
        ['0', '0', none],
        ['1234', '1234', none],
        ['1,234', '1234', none],
        ['1,234,567.5', '1234567.5', none],
        ['12,34', none, 'text'],
        ['-12.5', '-12.5', none],
        ['+3', '3', none],
        ['.5', '0.5', none],
        ['1.5e3', '1500', none],
        ['2E-05', '0.00002', none],
        ['1e999', none, 'text'],
        ['12.5%', '0.125', none],
        ['12.5 %', '0.125', none],
        ['1,250%', '12.5', none],
        ['100%*', '1', '*'],
        ['1,234*', '1234', '*'],
        ['17 [p]', '17', '[p]'],
        ['17 [note 2]', '17', '[note 2]'],
        ['(5)', none, 'text'],
        ['52+', none, '52+'],
        ['104 +', none, '104 +'],
        ['<5', none, '<5'],
        ['>= 95%', none, '>= 95%'],
        ['*', none, '*'],
        ['-', none, '-'],
        ['–', none, '–'],
        ['..', none, '..'],
        [':', none, ':'],
        ['c', none, 'c'],
        ['z', none, 'z'],
        ['x', none, 'x'],
        ['X', none, 'X'],
        ['[c]', none, '[c]'],
        ['[z]', none, '[z]'],
        ['[x]', none, '[x]'],
        ['[low]', none, '[low]'],
        ['#N/A', none, '#N/A'],
        ['#DIV/0!', none, '#DIV/0!'],
        ['n/a', none, 'n/a'],
        ['N/A', none, 'N/A'],
        ['NULL', none, 'NULL'],
        ['', none, 'blank'],
        ['  ', none, 'blank'],
        [none, none, 'blank'],
        [' 7 ', '7', none],
        ['see note', none, 'text'],
        ['12 to 15', none, 'text'],
    ], ['published', 'expected_number', 'expected_mark']) }}

),

final as (

    select
        published,
        {{ nhs_number('published') }} as found_number,
        {{ nhs_mark('published') }} as found_mark,
        cast(expected_number as {{ type_ratio() }}) as expected_number,
        expected_mark
    from cells

)

select * from final
where
    coalesce(found_number, -999) != coalesce(expected_number, -999)
    or coalesce(found_mark, '(none)') != coalesce(expected_mark, '(none)')
