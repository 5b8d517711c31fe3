{{ table_of_news() }}

with evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}

),

{% set columns = [
    'generation_template', 'generation_model', 'evaluation_model', 'combo_id'
] -%}
grouped as (

    {% for grouping, by in score_groupings().items() -%}
    select
        '{{ grouping }}' as grouping_name,
        {% for column in columns -%}
        {{ named_or_none(column) if column in by else as_text('null') }}
            as {{ column }},
        {% endfor -%}
        score
    from evaluation_scores
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (

    select
        grouping_name,
        {{ columns | join(',\n        ') }},
        count(*) as score_count,
        avg(score) as average_score,
        stddev_samp(score) as std_dev,
        min(score) as min_score,
        max(score) as max_score,
        sum(case when score = 10 then 1 else 0 end) as perfect_count,
        sum(case when score >= 8 then 1 else 0 end) as high_count,
        sum(case when score <= 3 then 1 else 0 end) as low_count
    from grouped
    group by grouping_name, {{ columns | join(', ') }}

),

final as (

    select
        grouping_name,
        coalesce(
            nullif(
                trim(
                    {% for column in columns -%}
                    coalesce(' / ' || {{ column }}, ''){{ ' ||' if not loop.last }}
                    {% endfor -%}
                    , ' /'
                ), ''
            ), 'all'
        ) as group_name,
        {{ columns | join(',\n        ') }},
        score_count,
        average_score,
        std_dev,
        min_score,
        max_score,
        perfect_count,
        high_count,
        low_count,
        {{ ratio('perfect_count', 'score_count') }} as perfect_pct,
        {{ ratio('high_count', 'score_count') }} as high_pct
    from counted

)

select * from final
