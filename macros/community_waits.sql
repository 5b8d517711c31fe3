{# Lengths of wait: the publication of community health services has a sheet for each #}
{% macro community_wait_bands() -%}
{{ return([
    'total',
    '0_to_1_weeks',
    '1_to_2_weeks',
    '2_to_4_weeks',
    '4_to_12_weeks',
    '12_to_18_weeks',
    '18_to_52_weeks',
    'over_52_weeks',
    '52_to_104_weeks',
    'over_104_weeks',
]) }}
{%- endmacro %}

{# Its services, a column each: of adults (a), of children and young people (cyp). #}
{% macro community_services() -%}
{{ return([
    'a_adult_safeguarding',
    'a_audiology',
    'a_clinical_support_to_social_care',
    'a_community_nursing_services',
    'a_home_oxygen_assessment_services',
    'a_intermediate_care_and_reablement',
    'a_musculoskeletal_service',
    'a_neurorehabilitation_multi_disciplinary',
    'a_nursing_and_therapy_support_for_ltcs_continence',
    'a_nursing_and_therapy_support_for_ltcs_diabetes',
    'a_nursing_and_therapy_support_for_ltcs_falls',
    'a_nursing_and_therapy_support_for_ltcs_heart_failure',
    'a_nursing_and_therapy_support_for_ltcs_lymphoedema',
    'a_nursing_and_therapy_support_for_ltcs_mnd',
    'a_nursing_and_therapy_support_for_ltcs_ms',
    'a_nursing_and_therapy_support_for_ltcs_respiratory_copd',
    'a_nursing_and_therapy_support_for_ltcs_stroke',
    'a_nursing_and_therapy_support_for_ltcs_tb',
    'a_nursing_and_therapy_support_for_ltcs_tissue_viability',
    'a_podiatry_and_podiatric_surgery',
    'a_rehabilitation_bed_based_care',
    'a_rehabilitation_services_integrated',
    'a_therapy_interventions_dietetics',
    'a_therapy_interventions_occupational_therapy',
    'a_therapy_interventions_orthotics',
    'a_therapy_interventions_physiotherapy',
    'a_therapy_interventions_speech_and_language',
    'a_urgent_community_response_rapid_response_team',
    'a_weight_management_and_obesity_services',
    'a_wheelchair_orthotics_prosthetics_and_equipment',
    'cyp_antenatal_and_new_born_screening',
    'cyp_audiology',
    'cyp_child_health_information_service',
    'cyp_community_nursing_services',
    'cyp_community_paediatric_service',
    'cyp_looked_after_children_teams',
    'cyp_new_born_hearing_screening',
    'cyp_nursing_and_therapy_for_long_term_conditions',
    'cyp_rapid_response_services',
    'cyp_safeguarding',
    'cyp_therapy_interventions_dietetics',
    'cyp_therapy_interventions_occupational_therapy',
    'cyp_therapy_interventions_orthotics',
    'cyp_therapy_interventions_physiotherapy',
    'cyp_therapy_interventions_speech_and_language',
    'cyp_vision_screening',
    'cyp_wheelchair_orthotics_prosthetics_and_equipment',
]) }}
{%- endmacro %}

{# The number waiting for so long, of the rows of one organisation and service. #}
{% macro waiting_in_band(band) -%}
max(case when wait_band = '{{ band }}' then people_waiting end)
{%- endmacro %}

{# A service without the letters of its patient group: '(A) Podiatry' is Podiatry. #}
{% macro service_name(published_name) -%}
regexp_replace({{ published_name }}, '^[(](A|CYP)[)] *', '')
{%- endmacro %}
