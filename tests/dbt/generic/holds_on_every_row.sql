{#
    The condition is true on every row; a condition that is neither true nor false (null)
    fails as well, unless the condition itself says what to do with nulls.
#}
{% test holds_on_every_row(model, condition) %}

select * from {{ model }}
where not coalesce({{ condition }}, false)

{% endtest %}
