{{ config(materialized='table') }}

with

{% for band in community_wait_bands() %}
waits_{{ band }} as (

    select * from {{ source(
        'raw_publications', 'community_health_services__organisation_waits_' ~ band
    ) }}

),

{% endfor %}
final as (

    {% for band in community_wait_bands() %}
    select
        '{{ band }}' as wait_band,
        _source_table,
        basis,
        organisation_type,
        organisation_code,
        organisation_name,
        {{ community_services() | join(',\n        ') }},
        _is_aggregate,
        _file_id,
        _dlt_load_id,
        _source_sheet,
        _source_row
    from waits_{{ band }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
