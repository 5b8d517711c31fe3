{# holds_on_every_row for tables that change only with news (unique_grain_of_news). #}
{% test holds_on_every_row_of_news(model, condition) %}
{%- set inputs = ref('int_document_inputs') %}

select * from {{ model }}
where
    {{ '1 = 1' if not execute or documents_are_unsettled(inputs) else '1 = 0' }}
    and not coalesce({{ condition }}, false)

{% endtest %}
