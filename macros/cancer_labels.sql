{#
    The labels of cancer waiting times with the meaning of their absence: a sheet
    without a column of cancer types is about all cancers.
#}
{% macro cancer_referral_route() -%}
{{ published_label(
    'referral_route',
    [
        'fds_all_routes', 'fds_by_route', 'treatment_62_day_all_cancers',
        'treatment_62_day_by_cancer', 'treatment_62_day_by_modality'
    ],
    'ALL ROUTES'
) }}
{%- endmacro %}

{% macro cancer_treatment_stage() -%}
{{ published_label(
    'treatment_stage',
    [
        'treatment_31_day_all_cancers', 'treatment_31_day_by_cancer',
        'treatment_31_day_by_modality'
    ],
    'ALL STAGES'
) }}
{%- endmacro %}

{% macro cancer_treatment_modality() -%}
{{ published_label(
    'treatment_modality',
    ['treatment_31_day_by_modality', 'treatment_62_day_by_modality'],
    'ALL MODALITIES'
) }}
{%- endmacro %}

{% macro cancer_type(column) -%}
{{ published_label(
    column,
    ['fds_by_route', 'treatment_31_day_by_cancer', 'treatment_62_day_by_cancer'],
    'ALL CANCERS'
) }}
{%- endmacro %}

{# Sheet 10 has the suspected cancer, sheet 11 the reason of referral. #}
{% macro cancer_first_seen_type() -%}
{{ published_label(
    'coalesce(suspected_cancer, referral_reason)',
    ['first_seen_usc', 'first_seen_ubs'],
    'ALL CANCERS'
) }}
{%- endmacro %}

{# Before October 2023: what a table has no column for stands in its title. #}
{% macro as_titled(column) -%}
coalesce(nullif({{ clean_text(column) }}, ''), 'AS TITLED')
{%- endmacro %}
