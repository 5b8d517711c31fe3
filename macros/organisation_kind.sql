{#
    What kind of organisation a code is, as far as the code and the published name tell.
    NHS trusts hold codes of R or T and two characters, new ones of five characters, which
    only their names tell from independent-sector providers. Those providers begin with
    N, other single letters (A, D, G, S …) are independent as well when the name does not
    say otherwise; Welsh health boards begin with 7A.
#}
{% macro organisation_kind(code, name, was_independent) -%}
case
    when {{ code }} like 'UNK%' or {{ name }} like 'UNKNOWN%' then 'unknown'
    when {{ name }} like '%INTEGRATED CARE BOARD%' then 'icb'
    when {{ name }} like 'NHS % ICB - %' then 'sub_icb'
    when {{ name }} like '%COMMISSIONING REGION' then 'region'
    when {{ name }} like '%COMMISSIONING HUB%' then 'commissioning_hub'
    when
        {{ name }} like '%CLINICAL COMMISSIONING GROUP%'
        or {{ name }} like '% CCG'
        then 'clinical_commissioning_group'
    when {{ name }} like '%HEALTH BOARD%' then 'health_board'
    when
        regexp_like({{ code }}, '^[RT][0-9A-Z]{2}$')
        and regexp_like({{ name }}, '(NHS|NATIONAL HEALTH SERVICE|CARE TRUST)')
        then 'nhs_trust'
    when
        regexp_like({{ code }}, '^[A-Z][0-9A-Z]{4}$')
        and regexp_like({{ name }}, 'NHS (FOUNDATION )?TRUST$')
        then 'nhs_trust'
    when
        {{ was_independent }} = 1
        or regexp_like({{ code }}, '^(N[0-9A-Z]{2}|[A-Z][0-9A-Z]{4})$')
        or regexp_like({{ name }}, '(LTD|LIMITED|LLP|PLC|COMMUNITY INTEREST COMPANY)')
        then 'independent_provider'
    else 'unknown'
end
{%- endmacro %}
