{#
    CTEs that make documents of resolved rows, for the three models that write them:
    `keyed` with the logical key, `attempted` with the id, and `written`, whose columns
    all three have. A row is written once; whatever comes later leaves it as it is.

    resolved    relation of rows of int_document_rows with parent_doc_id, parent_task_id,
                parser, parsed_char_count and prompt_path
    earlier     the model's own table, or none on a first build
    logical_key the parts of the logical key
    meta        (name, column) of what metadata.json says beside the row's own
#}
{% macro documents_written(resolved, earlier, logical_key, meta=[]) -%}
keyed as (

    select
        *,
        {{ doc_key(logical_key) }} as logical_key_id,
        {{ doc_key(['stage', 'task_id', 'template_id', 'model_id']) }} as lineage_key
    from {{ resolved }}
    -- The id is made of the logical key, which would be made again for it.
    {{ one_pass() }}

),

attempted as (

    {% if document_attempt_key() == 'natural' -%}
    select
        *,
        {{ document_id('natural_key') }} as doc_id
    from keyed
    {%- else -%}
    -- The row index is no key: a draft and a link may share one, and a csv in another
    -- order has its indexes on other rows. Who comes second gets its natural key.
    select
        ranked.*,
        case
            when ranked.index_rank = 1
            {%- if earlier %}
            and not exists (
                select 1 from {{ earlier }} as taken
                where ranked.indexed_id = taken.doc_id
            )
            {%- endif %}
                then ranked.indexed_id
            else {{ document_id('ranked.natural_key', 'ranked.') }}
        end as doc_id
    from (
        select
            indexed.*,
            row_number() over (
                partition by indexed.indexed_id
                order by indexed.kind_rank, indexed.natural_key
            ) as index_rank
        from (
            select
                *,
                {{ document_id('cast(row_index as ' ~ type_text() ~ ')') }}
                    as indexed_id
            from keyed
        ) as indexed
    ) as ranked
    {%- endif %}

),

-- Documents of one lineage in the order of their generation, with those of old.
lineages as (

    select doc_id, lineage_key, generated_at, row_index, true as is_new
    from attempted
    {%- if earlier %}
    union all
    select doc_id, lineage_key, source_timestamp, row_index, false
    from {{ earlier }}
    where lineage_key in (select lineage_key from attempted)
    {%- endif %}

),

successions as (

    select
        doc_id,
        is_new,
        lag(doc_id) over (
            partition by lineage_key
            order by generated_at, is_new, row_index, doc_id
        ) as lineage_prev_doc_id
    from lineages

),

written as (

    select
        attempted.doc_id,
        attempted.logical_key_id,
        attempted.stage,
        attempted.task_id,
        attempted.parent_doc_id,
        attempted.combo_id,
        attempted.template_id,
        attempted.model_id,
        {{ as_text("'" ~ document_run_id() ~ "'") }} as run_id,
        attempted.prompt_path,
        attempted.parser,
        {{ as_text(
            "case when attempted.parsed_char_count is null"
            ~ " then 'parse_error' else 'ok' end"
        ) }} as status,
        cast(null as bigint) as usage_prompt_tokens,
        cast(null as bigint) as usage_completion_tokens,
        cast(null as bigint) as usage_max_tokens,
        current_timestamp as created_at,
        attempted.stage || '/' || attempted.logical_key_id || '/' || attempted.doc_id
            as doc_dir,
        attempted.char_count as raw_chars,
        attempted.parsed_char_count as parsed_chars,
        attempted.sha256 as content_hash,
        {{ json_pairs([
            ('source_csv', 'attempted.source_csv'),
            ('response_file', 'attempted.response_file'),
        ] + meta) }} as meta_small,
        successions.lineage_prev_doc_id,
        attempted.lineage_key,
        attempted.kind as source_kind,
        attempted.source_csv,
        attempted.row_index,
        attempted.generated_at as source_timestamp,
        attempted.response_file,
        attempted.natural_key,
        attempted.is_repaired,
        attempted.is_example,
        attempted.base,
        attempted.text_file_id,
        attempted.text_row,
        attempted.file_id,
        attempted.source_file,
        attempted.source_row,
        attempted.kind_rank,
        {{ as_text("'" ~ document_id_rule() ~ "'") }} as id_rule
    from attempted
    inner join successions
        on attempted.doc_id = successions.doc_id
        and successions.is_new

)
{%- endmacro %}

{# For where: documents of examples give way to real ones with the rows they are of. #}
{% macro is_standing(alias, source_rows) -%}
(
            not {{ alias }}.is_example
            or {{ alias }}.natural_key in (
                select natural_key from {{ source_rows }}
                where is_example
            )
        )
{%- endmacro %}

{#
    For join and order by: the rows that documents stand for today. An earlier text, or a
    row that its csv corrected or dropped, has none.
#}
{% macro rows_of_today(alias, source_rows) -%}
left join {{ source_rows }} as today
        on {{ alias }}.natural_key = today.natural_key
        and today.is_current
{%- endmacro %}

{% macro is_of_today() -%} (today.natural_key is not null) {%- endmacro %}

{# The id of a document, from its logical key, the run and what tells attempts apart. #}
{% macro document_id(attempt, alias='') -%}
{{ doc_key([alias ~ 'logical_key_id', "'" ~ document_run_id() ~ "'", attempt]) }}
{%- endmacro %}

{# The columns of `written`, in its order; kind_rank and id_rule stay with the models. #}
{% macro document_columns() -%}
{{ return([
    'doc_id', 'logical_key_id', 'stage', 'task_id', 'parent_doc_id', 'combo_id',
    'template_id', 'model_id', 'run_id', 'prompt_path', 'parser', 'status',
    'usage_prompt_tokens', 'usage_completion_tokens', 'usage_max_tokens', 'created_at',
    'doc_dir', 'raw_chars', 'parsed_chars', 'content_hash', 'meta_small',
    'lineage_prev_doc_id', 'lineage_key', 'source_kind', 'source_csv', 'row_index',
    'source_timestamp', 'response_file', 'natural_key', 'is_repaired', 'is_example',
    'base', 'text_file_id', 'text_row', 'file_id', 'source_file', 'source_row',
]) }}
{%- endmacro %}

{# A JSON object as text, from pairs of a name and a column; nulls stay. #}
{% macro json_pairs(pairs) -%}
cast(json_build_object(
            {%- for name, column in pairs %}
            '{{ name }}', {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as {{ type_text() }})
{%- endmacro %}
