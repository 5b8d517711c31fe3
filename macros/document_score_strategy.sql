{#
    Which strategy gives a row its score, by var documents_score_strategy: final_score
    (the default), complex or in_last_line for all, or catalogue: what the evaluation
    template's entry says, and null where it has none.
#}
{% macro document_score_strategy(parser) -%}
{%- set strategy = var('documents_score_strategy', 'final_score') -%}
{%- set known = ['final_score', 'complex', 'in_last_line', 'catalogue'] -%}
{%- if strategy not in known -%}
{% do exceptions.raise_compiler_error(
    'cannot choose how scores are read'
    ~ '\n  where:    var documents_score_strategy'
    ~ '\n  expected: ' ~ known | join(', ')
    ~ '\n  found:    ' ~ strategy
    ~ '\n  next:     leave the var out, or set it to one of them'
) %}
{%- endif -%}
{%- if strategy == 'catalogue' -%}
case when {{ parser }} in ('complex', 'in_last_line') then {{ parser }} end
{%- else -%}
{{ as_text("'" ~ strategy ~ "'") }}
{%- endif -%}
{%- endmacro %}

{# A column of the text scores, by the strategy of the row. #}
{% macro by_score_strategy(column) -%}
case strategy
            when 'final_score' then {{ column }}_final
            when 'complex' then {{ column }}_complex
            when 'in_last_line' then {{ column }}_in_last_line
        end
{%- endmacro %}

{# Where the catalogue was to decide and does not. #}
{% macro no_strategy_error(template) -%}
'Parse error: no strategy for template ' || coalesce({{ template }}, '(none)')
{%- endmacro %}

{# For where: no earlier build read this content. #}
{% macro has_no_scores_yet(alias) -%}
{%- set news = when_news() -%}
{%- if is_incremental() -%}
{{ news }}
    and not exists (
        select 1 from {{ this }} as known
        where {{ alias }}.sha256 = known.content_hash
    )
{%- else -%}
1 = 1
{%- endif -%}
{%- endmacro %}
