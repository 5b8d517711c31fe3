-- A reporting date that nobody has reviewed has no period: the row waits in
-- oversight_metrics, where a warning names the seed to extend.
with oversight_metrics as (

    select * from {{ ref('oversight_metrics') }}
    where period_start is not null

),

league_table as (

    select * from {{ ref('oversight_league_table') }}

),

stacked as (

    select
        quarter,
        period_label,
        metric_id,
        org_code,
        org_name,
        unit,
        value as metric_value,
        period_start,
        period_end,
        release_status,
        source_file,
        is_example
    from oversight_metrics
    {% for metric_id, column in [
        ('oversight_average_score', 'average_score'), ('oversight_segment', 'segment')
    ] %}
    union all
    select
        quarter,
        quarter as period_label,
        '{{ metric_id }}' as metric_id,
        org_code,
        org_name,
        null as unit,
        cast({{ column }} as {{ type_ratio() }}) as metric_value,
        period_start,
        period_end,
        release_status,
        source_file,
        is_example
    from league_table
    {% endfor %}

),

-- A yearly figure is printed again each quarter, under one label or another: the latest
-- quarter's is kept. Made-up figures never stand beside real ones of the same time.
ranked as (

    select
        *,
        row_number() over (
            partition by
                metric_id,
                org_code,
                period_start,
                period_end,
                case when period_start is null then period_label end
            order by
                is_example asc,
                substring(quarter, 4, 7) desc,
                substring(quarter, 1, 2) desc,
                source_file asc
        ) as quarter_rank,
        min(case when is_example then 1 else 0 end)
            over (partition by metric_id, period_start, period_end)
        = 0 as has_real_values
    from stacked

),

final as (

    select
        period_label as period,
        metric_id,
        org_code,
        org_name,
        case when unit = 'percent' then metric_value / 100 else metric_value end
            as metric_value,
        period_start,
        period_end,
        release_status,
        source_file,
        is_example
    from ranked
    where quarter_rank = 1 and not (is_example and has_real_values)

)

select * from final
