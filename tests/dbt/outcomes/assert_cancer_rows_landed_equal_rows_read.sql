-- Rows in silver, per file and table, are those the loader read and wrote down.
with {{ landings('cancer', cancer_silver_tables()) }}

select * from landings
where rows_read != rows_landed or rows_landed != rows_found
