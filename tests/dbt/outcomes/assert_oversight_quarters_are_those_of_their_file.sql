with printed as (

    select
        source_file,
        source_row,
        quarter,
        quarter_as_published
    from {{ ref('silver_oversight__metrics') }}
    union all
    select
        source_file,
        source_row,
        quarter,
        quarter_as_published
    from {{ ref('silver_oversight__league_table') }}

)

select * from printed
where {{ label_key('quarter_as_published') }} != {{ label_key('quarter') }}
