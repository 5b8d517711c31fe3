{# Characteristics of a workflow's input, with the bounds of the original. #}

{# Words between blanks, as text.split() counts them. #}
{% macro word_count(column) -%}
case
            when not regexp_like({{ column }}, '[^[:space:]]') then 0
            else cast(
                cardinality(
                    regexp_split_to_array(
                        regexp_replace({{ column }}, '^[[:space:]]+|[[:space:]]+$', '', 'g'),
                        '[[:space:]]+'
                    )
                ) as {{ type_whole() }}
            )
        end
{%- endmacro %}

{# Keywords that the text contains, inside words too, in their order, blanks between. #}
{% macro keywords_in(column) -%}
{%- set words = [
    'test', 'pytest', 'vitest', 'jest', 'build', 'typecheck', 'compile', 'format', 'lint',
    'update', 'install', 'deploy', 'run', 'backend', 'frontend', 'server', 'client', 'api',
    'ui',
] -%}
trim(
    {%- for word in words %}
    case when strpos({{ column }}, '{{ word }}') > 0 then '{{ word }} ' else '' end
    {{- ' ||' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{# Files and folders that the text names, each once, in the order of their names. #}
{% macro files_in(column) -%}
case
    when regexp_like({{ column }}, '[./]')
        then coalesce((
            select string_agg(distinct matched.found[1], ' ' order by matched.found[1])
            from regexp_matches(
                {{ column }},
                '(app/[a-zA-Z0-9_]+/[a-zA-Z0-9_/]*|tests?/[a-zA-Z0-9_/]*'
                || '|src/[a-zA-Z0-9_/]*|[a-zA-Z0-9_]+[.](?:py|ts|js))',
                'g'
            ) as matched (found)
        ), '')
    else ''
end
{%- endmacro %}

{# How long it ran; what was not recorded counts as nothing, as the original had it. #}
{% macro duration_range(seconds) -%}
case
    when coalesce({{ seconds }}, 0) < 180 then 'short'
    when {{ seconds }} < 600 then 'medium'
    else 'long'
end
{%- endmacro %}

{% macro complexity(words, errors) -%}
case
    when {{ words }} < 50 and {{ errors }} < 3 then 'simple'
    when {{ words }} > 200 or {{ errors }} > 5 then 'complex'
    else 'medium'
end
{%- endmacro %}
