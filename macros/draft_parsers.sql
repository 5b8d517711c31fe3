{#
    The text of a draft that later phases see, by the parser of its template:
    essay_block       what stands in the first <essay> … </essay>, to the end where it
                      is not closed
    essay_idea_last   of the blocks <essay-idea stage="n"> … </essay-idea> the last one of
                      the highest stage; without stages the last one
    Without a parser it is the text itself. Null: the parser finds nothing.
    Postgres takes all of a pattern as long or as short as its first choice: hence ??.
#}
{% macro parsed_draft(parser, content) -%}
case {{ parser }}
            when 'essay_block' then trim(
                both e' \t\r\n' from substring(
                    {{ content }} from '(?is)<essay>(.*?)(?:</essay>|$)'
                )
            )
            when 'essay_idea_last' then (
                select trim(both e' \t\r\n' from blocks.found[2])
                from regexp_matches(
                    {{ content }},
                    '<essay-idea(?:\s+stage="([0-9]{1,9})")??\s*>(.*?)</essay-idea>', 'gis'
                ) with ordinality as blocks (found, place)
                order by
                    coalesce(cast(blocks.found[1] as integer), -1) desc,
                    blocks.place desc
                limit 1
            )
            else {{ content }}
        end
{%- endmacro %}
