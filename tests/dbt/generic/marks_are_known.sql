{#
    No mark is 'text': nhs_mark() calls so what is neither a number nor a mark that
    publishers use. Such a cell would be lost as null; it belongs in a text column, or
    its mark among nhs_marks().
#}
{% test marks_are_known(model, columns) %}

select * from {{ model }}
where
    {% for column in columns %}
    {{ 'or ' if not loop.first }}{{ column }} = 'text'
    {% endfor %}

{% endtest %}
