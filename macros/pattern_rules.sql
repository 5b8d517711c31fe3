{#
    The rules of patterns are seeds; `--vars 'pattern_rules: compat'` takes the original's
    instead of those with word boundaries. loaders/workflows/detect.py evaluates the same
    seeds in Python; a test holds the two together.
#}

{% macro pattern_rule_set() -%} {{ var('pattern_rules', 'strict') }} {%- endmacro %}

{#
    Lower case of A to Z alone, which is all that rules ask for: the outcome is the same
    under every locale of a server.
#}
{% macro lower_ascii(text) -%}
lower({{ text }} collate "C")
{%- endmacro %}

{#
    A text as words: lower case, one blank between two words and one at each end, so that
    ` test ` finds the word and not the letters. Underscores stay: test_api is one word.
    So do letters of other alphabets, which are part of a word; signs separate, and so do
    scripts that write words without blanks.
#}
{% macro words_of(text) -%}
' ' || trim(
    regexp_replace({{ lower_ascii(text) }}, '[^a-z0-9_\u00c0-\u1fff]+', ' ', 'g')
) || ' '
{%- endmacro %}

{# The words of a name such as adw_test_iso: underscores separate them. #}
{% macro words_of_name(text) -%}
' ' || trim(
    regexp_replace({{ lower_ascii(text) }}, '[^a-z0-9\u00c0-\u1fff]+', ' ', 'g')
) || ' '
{%- endmacro %}

{#
    The regular expression of a rule: its words between blanks, or its letters anywhere.
    Null, or '' where a seed was read without types, asks for nothing.
#}
{% macro rule_pattern(rule, column='regex') -%}
case {{ rule }}.match
            when 'words' then ' (' || nullif({{ rule }}.{{ column }}, '') || ') '
            else nullif({{ rule }}.{{ column }}, '')
        end
{%- endmacro %}

{# Whether the pattern of a rule is in a text of a workflow: input, error, template. #}
{% macro rule_finds(rule, pattern, workflow, subject) -%}
regexp_like(
    case {{ rule }}.match
        when 'words' then {{ workflow }}.{{ subject }}_words
        else {{ workflow }}.{{ subject }}_text
    end,
    {{ rule }}.{{ pattern }}
)
{%- endmacro %}

{# What detection rests on beside the workflows: its rules, and its own code. #}
{% macro detection_version(model_name) -%}
{{ code_version(
    [
        model_name, 'pattern_signature_rules', 'pattern_error_rules',
        'pattern_template_rules',
    ],
    [pattern_rule_set(), words_of("x"), words_of_name("x")],
) }}
{%- endmacro %}

{#
    For pre_hook: rows of workflows of which another version is the current one, or none,
    and rows of other rules.
#}
{% macro delete_stale_detections(model_name) -%}
{%- if is_incremental() -%}
delete from {{ this }} as built
where
    built.detection_version != '{{ detection_version(model_name) }}'
    or not exists (
        select 1 from {{ ref('silver_workflows__history') }} as history
        where
            history.workflow_key = built.workflow_key
            and history.table_key = built.table_key
            and history.source_row = built.source_row
            and history.is_finished
    )
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# A condition: the workflow has not been looked at yet in its current version. #}
{% macro only_undetected(alias) -%}
{%- if is_incremental() -%}
not exists (
            select 1 from {{ this }} as built
            where built.workflow_key = {{ alias }}.workflow_key
        )
{%- else -%}
1 = 1
{%- endif -%}
{%- endmacro %}
