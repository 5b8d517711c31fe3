{#
    What stands in the place of a number is a mark of the publisher's for a withheld
    figure. Anything else is a number nobody could read, and would be lost as null.
#}
{% test is_suppression_mark(model, column_name) %}

select * from {{ model }}
where lower({{ column_name }}) not in {{ suppression_marks() }}

{% endtest %}
