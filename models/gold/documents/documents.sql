{{ view_of_news() }}

with drafts as (

    select * from {{ ref('int_document_drafts') }}

),

essays as (

    select * from {{ ref('int_document_essays') }}

),

evaluations as (

    select * from {{ ref('int_document_evaluations') }}

),

final as (

    {% for relation in ['drafts', 'essays', 'evaluations'] %}
    select
        {{ document_columns() | join(',\n        ') }}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
