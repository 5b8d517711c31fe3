{{
    config(
        materialized='table',
        indexes=[{'columns': ['file_id', 'code_kind', 'published_code']}],
    )
}}

with codes as (

    select * from {{ ref('silver_rtt__extract_codes') }}

),

-- Commissioners without a parent (hubs and regions of NHS England, NONC) stand for
-- themselves, so that every level adds up to England.
final as (

    select
        file_id,
        code_kind,
        published_code,
        'provider' as entity_level,
        code as org_code,
        name as org_name
    from codes
    where code_kind = 'provider'
    union all
    select
        file_id,
        code_kind,
        published_code,
        'icb' as entity_level,
        coalesce(parent_code, code) as org_code,
        coalesce(parent_name, name) as org_name
    from codes
    where code_kind = 'provider'
    union all
    select
        file_id,
        code_kind,
        published_code,
        'commissioner_icb' as entity_level,
        coalesce(parent_code, code) as org_code,
        coalesce(parent_name, name) as org_name
    from codes
    where code_kind = 'commissioner'
    union all
    select
        file_id,
        code_kind,
        published_code,
        'england' as entity_level,
        'ENG' as org_code,
        'England' as org_name
    from codes
    where code_kind = 'commissioner'

)

select * from final
