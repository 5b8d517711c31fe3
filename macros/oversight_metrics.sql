{#
    What an Oversight Framework metric is, by its number: OF0003 is a figure, OF1003 its
    score from 1 (best) to 4, OF40.. and OF41.. a domain's score and segment, OF5... the
    trust's summary.
#}
{% macro oversight_family(metric_id) -%}
case
    when {{ metric_id }} like 'OF0%' then 'raw'
    when {{ metric_id }} like 'OF1%' then 'score'
    when {{ metric_id }} like 'OF40%' then 'domain_score'
    when {{ metric_id }} like 'OF41%' then 'domain_segment'
    when {{ metric_id }} like 'OF5%' then 'summary'
end
{%- endmacro %}

{#
    Id of a metric that the seed `metric_catalogue` does not have yet: one id can carry
    two units, so the unit is part of it.
#}
{% macro unreviewed_metric_id(metric_id, unit) -%}
{{ metric_id }} || '_' || coalesce(nullif({{ label_key(unit) }}, ''), 'no_unit')
{%- endmacro %}

{# Blank and 'Yes'/'No' in the ways publishers write them; null when it is neither. #}
{% macro published_flag(column) -%}
case
    when lower({{ clean_text(column) }}) in ('yes', 'y', 'true', '1', '1.0') then true
    when lower({{ clean_text(column) }}) in ('no', 'n', 'false', '0', '0.0') then false
end
{%- endmacro %}

{#
    Kinds of trust are drawn anew at times: a trust that two files in force have in one
    quarter counts once, as the later release has it.
#}
{% macro oversight_row_is_current() -%}
vintages.is_current
        and rank() over (
            partition by
                vintages.quarter,
                upper({{ clean_text('published.trust_code') }})
            order by
                vintages.is_current desc,
                vintages.file_period_end desc,
                vintages.load_sequence desc nulls last,
                vintages.file_id desc
        ) = 1
{%- endmacro %}
