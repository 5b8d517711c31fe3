{#
    Where a table has an aggregate of its own, the other rows of the group add up to it,
    to within the tolerance. Groups without an aggregate have nothing to compare.
#}
{% test parts_sum_to_aggregate(model, group_by, columns, tolerance=0) %}

with sums as (

    select
        {{ group_by | join(', ') }},
        {% for column in columns %}
        sum(case when not is_aggregate then {{ column }} end) as {{ column }}_parts,
        max(case when is_aggregate then {{ column }} end) as {{ column }}_whole,
        {% endfor %}
        count(*) as row_count
    from {{ model }}
    group by {{ group_by | join(', ') }}

)

select * from sums
where
    {% for column in columns %}
    abs({{ column }}_parts - {{ column }}_whole) > {{ tolerance }}
    {{ 'or' if not loop.last }}
    {% endfor %}

{% endtest %}
