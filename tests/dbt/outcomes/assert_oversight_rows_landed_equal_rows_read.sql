with {{ landings(
    'oversight', ['silver_oversight__metrics', 'silver_oversight__league_table']
) }}

select * from landings
where rows_read != rows_landed or rows_landed != rows_found
