{#
    The columns identify a row: no combination twice, and none of them null or blank.
    Returns the offending keys with the number of rows.
#}
{% test unique_grain(model, columns) %}

with keys as (

    select
        {% for column in columns %}
        {{ column }},
        {% endfor %}
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}

)

select * from keys
where
    row_count > 1
    {% for column in columns %}
    or coalesce(cast({{ column }} as {{ type_text() }}), '') = ''
    {% endfor %}

{% endtest %}
