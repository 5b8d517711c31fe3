{#
    Incremental models by partition. Each row carries the version of its
    partition: a hash over all that its rows depend on. A small model lists the
    partitions that should exist. What is not in that list is deleted, what is in it and
    not in the table is added, both in one transaction: a killed build changes nothing.
    An index on the keys and partition_version keeps both steps as cheap with many
    partitions as with one.
#}

{# For pre_hook: rows of partitions that should not exist, or are of another version. #}
{% macro delete_stale_partitions(partitions_relation, keys) -%}
{%- if is_incremental() -%}
{%- set columns = keys + ['partition_version'] -%}
with recursive built as (
    -- From each partition to the next by the index, not over all rows.
    (
        select {{ columns | join(', ') }}
        from {{ this }}
        order by {{ columns | join(', ') }}
        limit 1
    )
    union all
    select {% for column in columns %}later.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from built
    cross join lateral (
        select {{ columns | join(', ') }}
        from {{ this }} as others
        where
            ({{ columns | join(', ') }})
            > ({% for column in columns %}built.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
        order by {{ columns | join(', ') }}
        limit 1
    ) as later
),

-- Known before the table is read: as a rule there are none.
stale as materialized (
    select * from built
    where not exists (
        select 1 from {{ partitions_relation }} as partitions
        where {{ same_partition('built', 'partitions', columns) }}
    )
)

delete from {{ this }} as built_rows
using stale
where {{ same_partition('built_rows', 'stale', columns) }}
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# A condition for where: the partition is not in the table yet. #}
{% macro only_new_partitions(alias, keys) -%}
{%- if is_incremental() -%}
not exists (
    select 1 from {{ this }} as built
    where {{ same_partition(alias, 'built', keys + ['partition_version']) }}
)
{%- else -%}
1 = 1
{%- endif -%}
{%- endmacro %}

{% macro same_partition(one, other, columns) -%}
{%- for column in columns -%}
{{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#
    A hash of the code that computes a partition: the models and seeds named, and the
    text of what they call. A changed rule or reviewed row rebuilds what rests on it.
#}
{% macro code_version(names, called=[]) -%}
{%- set texts = called | list -%}
{%- if execute -%}
{%- for node in graph.nodes.values() if node.name in names -%}
{%- do texts.append(node.name ~ node.checksum.checksum) -%}
{%- endfor -%}
{{ return(local_md5(texts | sort | join('\n'))) }}
{%- endif -%}
{%- endmacro %}
