{#
    The published percentage is the one its counts give: within 1e-9 where the publisher
    keeps full precision, within half a unit of the last digit where it prints a rounded
    one. Rows without a published percentage or with a total of 0 have nothing to compare.
#}
{% test pct_equals_published(model) %}

with recomputed as (

    select
        *,
        {{ ratio('within_count', 'total_count') }} as recomputed_pct,
        coalesce(
            0.5 * power(cast(10 as {{ type_ratio() }}), -published_pct_decimals), 0
        ) + 1e-9 as tolerance
    from {{ model }}

)

select * from recomputed
where abs(published_pct - recomputed_pct) > tolerance

{% endtest %}
