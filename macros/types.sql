{# Types by meaning; the only place where their dialect names stand. #}

{# A count of people or pathways: 62-day pathways are shared by two providers, so .5. #}
{% macro type_count() -%} numeric(18, 1) {%- endmacro %}

{# A share from 0 to 1, or any other quotient. #}
{% macro type_ratio() -%} double precision {%- endmacro %}

{# A number of any size without loss, on its way to one of the types above. #}
{% macro type_exact() -%} numeric {%- endmacro %}

{% macro type_text() -%} text {%- endmacro %}

{# As text: an incremental model must add rows of the very types of its table. #}
{% macro as_text(column) -%} cast({{ column }} as {{ type_text() }}) {%- endmacro %}

{# A number of pathways in one month. #}
{% macro type_whole() -%} integer {%- endmacro %}
