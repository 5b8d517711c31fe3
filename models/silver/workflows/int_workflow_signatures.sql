{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook=[
        "{{ more_memory() }}",
        "{{ delete_stale_detections('int_workflow_signatures') }}",
    ]
) }}
{%- set in_input = rule_finds('rules', 'pattern', 'categorised', 'input') %}
{%- set in_template = rule_finds('rules', 'pattern', 'categorised', 'template') %}
{%- set also_in_input = rule_finds('rules', 'also_pattern', 'categorised', 'input') %}

with workflows as (

    select
        workflow_key,
        table_key,
        source_row,
        {{ lower_ascii('nl_input') }} as input_text,
        {{ words_of('nl_input') }} as input_words,
        {{ lower_ascii('error_message') }} as error_text,
        {{ words_of('error_message') }} as error_words,
        {{ lower_ascii('workflow_template') }} as template_text,
        {{ words_of_name('workflow_template') }} as template_words
    from {{ ref('silver_workflows__history') }} as history
    where
        is_finished
        and {{ only_undetected('history') }}

),

signature_rules as (

    select
        rules.*,
        {{ rule_pattern('rules') }} as pattern,
        {{ rule_pattern('rules', 'also') }} as also_pattern
    from {{ ref('pattern_signature_rules') }} as rules
    where rules.rule_set = '{{ pattern_rule_set() }}'

),

error_rules as (

    select
        rules.*,
        {{ rule_pattern('rules') }} as pattern
    from {{ ref('pattern_error_rules') }} as rules
    where rules.rule_set = '{{ pattern_rule_set() }}'

),

template_rules as (

    select
        rules.*,
        {{ rule_pattern('rules') }} as pattern
    from {{ ref('pattern_template_rules') }} as rules
    where rules.rule_set = '{{ pattern_rule_set() }}'

),

-- The first category that matches wins.
categories as (

    select
        workflows.workflow_key,
        min(rules.priority) as priority
    from workflows
    inner join signature_rules as rules
        on {{ rule_finds('rules', 'pattern', 'workflows', 'input') | indent(8) }}
    where
        rules.part = 'category'
        and workflows.input_text is not null
    group by workflows.workflow_key

),

categorised as (

    select
        workflows.*,
        rules.output as category,
        rules.rule_id
    from categories
    inner join signature_rules as rules
        on categories.priority = rules.priority
    inner join workflows
        on categories.workflow_key = workflows.workflow_key
    where rules.part = 'category'

),

-- Within it, the first subcategory and the first target.
part_priorities as (

    select
        categorised.workflow_key,
        categorised.category,
        rules.part,
        min(rules.priority) as priority
    from categorised
    inner join signature_rules as rules
        on categorised.category = rules.category
    where
        (
            rules.pattern is null
            or case rules.subject
                when 'template' then {{ in_template }}
                else {{ in_input }}
            end
        )
        and (
            rules.also_pattern is null
            or {{ also_in_input }}
        )
    group by categorised.workflow_key, categorised.category, rules.part

),

parts as (

    select
        part_priorities.workflow_key,
        max(case when rules.part = 'subcategory' then rules.output end) as subcategory,
        max(case when rules.part = 'target' then rules.output end) as target
    from part_priorities
    inner join signature_rules as rules
        on part_priorities.category = rules.category
        and part_priorities.part = rules.part
        and part_priorities.priority = rules.priority
    group by part_priorities.workflow_key

),

template_priorities as (

    select
        workflows.workflow_key,
        min(rules.priority) as priority
    from workflows
    inner join template_rules as rules
        on {{ rule_finds('rules', 'pattern', 'workflows', 'template') | indent(8) }}
    where workflows.template_text is not null
    group by workflows.workflow_key

),

found as (

    select
        categorised.workflow_key,
        categorised.category || ':' || parts.subcategory || ':' || parts.target
            as pattern_signature,
        'input' as layer,
        categorised.rule_id,
        0 as place
    from categorised
    inner join parts
        on categorised.workflow_key = parts.workflow_key
    union all
    select
        workflows.workflow_key,
        rules.output as pattern_signature,
        'error' as layer,
        rules.rule_id,
        1000 + rules.priority as place
    from workflows
    inner join error_rules as rules
        on {{ rule_finds('rules', 'pattern', 'workflows', 'error') | indent(8) }}
    where workflows.error_text is not null
    union all
    select
        template_priorities.workflow_key,
        rules.output as pattern_signature,
        'template' as layer,
        rules.rule_id,
        100000 as place
    from template_priorities
    inner join template_rules as rules
        on template_priorities.priority = rules.priority
    where rules.output != ''

),

-- A pattern found twice counts where it was found first.
firsts as (

    select
        *,
        row_number() over (
            partition by workflow_key, pattern_signature order by place
        ) as finding
    from found

),

-- A workflow without a pattern keeps one row, so that it is looked at once.
final as (

    select
        workflows.workflow_key,
        cast(
            row_number() over (
                partition by workflows.workflow_key order by firsts.place
            ) as {{ type_whole() }}
        ) as ordinal,
        {{ as_text('firsts.pattern_signature') }} as pattern_signature,
        {{ as_text('firsts.layer') }} as layer,
        {{ as_text('firsts.rule_id') }} as rule_id,
        workflows.table_key,
        workflows.source_row,
        {{ as_text("'" ~ detection_version('int_workflow_signatures') ~ "'") }}
            as detection_version
    from workflows
    left join firsts
        on workflows.workflow_key = firsts.workflow_key
        and firsts.finding = 1

)

select * from final
