{#
    CTEs from `texts` (content_hash, content) to `scored`: content_hash, and per strategy
    score and error, one of them null. `offset 0` keeps Postgres from writing a step's
    expressions out again wherever the next one names them: each pattern runs once.
#}
{% macro score_steps(texts) -%}
closings as (

    select
        content_hash,
        {{ closing_text('content') }} as closing
    from {{ texts }}
    offset 0

),

lined as (

    select
        content_hash,
        closing,
        string_to_array(closing, e'\n') as lines
    from closings
    offset 0

),

-- The last three lines that are not blank are nearly always among the last ten.
endings as (

    select
        *,
        {{ last_lines('lines', 10) }} as ending
    from lined
    offset 0

),

above_last as (

    select
        *,
        {{ above_last_line('ending') }} as above
    from endings
    offset 0

),

ended as (

    select
        content_hash,
        closing,
        lines,
        array[
            {{ last_line(above_last_line('above')) }},
            {{ last_line('above') }},
            {{ last_line('ending') }}
        ] as last_lines
    from above_last
    offset 0

),

-- Bold and headings go before any pattern looks, as in both strategies.
verdicts as (

    select
        content_hash,
        closing is null as is_too_long,
        coalesce(closing = '', false) as is_blank,
        case
            when last_lines[1] = '' and cardinality(lines) > 10
                then array[
                    {{ last_line(above_last_line(above_last_line('closing'))) }},
                    {{ last_line(above_last_line('closing')) }},
                    {{ last_line('closing') }}
                ]
            else last_lines
        end as last_lines,
        replace(
            replace({{ last_lines('lines', closing_line_count() | int) }}, '**', ''),
            '#', ''
        ) as verdict
    from ended
    offset 0

),

-- Text before a closed thought is no verdict: only final_score knows of thoughts.
divided as (

    select
        content_hash,
        is_too_long,
        is_blank,
        last_lines,
        regexp_split_to_array(verdict, '{{ score_word() }}') as parts,
        case
            when position('</think>' in verdict) > 0
                then regexp_split_to_array(
                    split_part(verdict, '</think>', -1), '{{ score_word() }}'
                )
        end as parts_after_thought
    from verdicts
    offset 0

),

read_scores as (

    select
        divided.content_hash,
        case
            when divided.is_too_long
                then 'Closing lines of more than {{ longest_closing() }} characters'
            when divided.is_blank then 'Empty or whitespace-only response'
        end as unread,
        complex.score as score_complex,
        complex.error as error_complex,
        in_last_line.score as score_in_last_line,
        in_last_line.error as error_in_last_line,
        final.score as score_final,
        final.error as error_final
    from divided
    cross join lateral {{ complex_score('divided.parts') }} as complex
    cross join lateral {{ in_last_line_score('divided.last_lines') }} as in_last_line
    cross join lateral {{
        final_score('coalesce(divided.parts_after_thought, divided.parts)')
    }} as final
    offset 0

),

scored as (

    select
        content_hash,
        {%- for strategy in ['complex', 'in_last_line', 'final'] %}
        case when unread is null and error_{{ strategy }} is null
            then score_{{ strategy }}
        end as score_{{ strategy }},
        coalesce(unread, error_{{ strategy }}) as error_{{ strategy }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from read_scores

)
{%- endmacro %}

{#
    The parts of a verdict between its score words, each with what stands before it.
    A part that another word follows does not end the text: 'is_last' says which does.
#}
{% macro score_parts(parts) -%}
(
    select
        part.number,
        part.after,
        case when part.number = 2 then e'\n' else '' end
        || right(part.before, 120) as before,
        part.number = cardinality({{ parts }}) as is_last
    -- Beside each part the one before it, in one walk: a response may say score a
    -- hundred thousand times.
    from unnest(
        {{ parts }}, array_prepend(null, {{ parts }})
    ) with ordinality as part (after, before, number)
    where
        part.number > 1
        and regexp_like(part.after, '^[^0-9A-Za-z]*[0-9]')
)
{%- endmacro %}

{#
    Strategy complex, on the last thirty lines: the last 'score n/d' if there is any, else
    the last 'score n' before a blank or the end. n/d becomes tenths.
#}
{% macro complex_score(parts) -%}
(
    select
        scaled.score,
        coalesce(
            {{ fraction_error('scaled.scale') }},
            case when scaled.value is null then 'No SCORE field found in response' end,
            {{ out_of_range('scaled.score') }}
        ) as error
    from (
        select
            valued.value,
            valued.scale,
            case
                when valued.scale is null then valued.value
                else {{ score_of_ten('valued.value', 'valued.scale') }}
            end as score
        from (
            select
                {{ score_value("split_part(found.said, '/', 1)") }} as value,
                {{ score_value("nullif(split_part(found.said, '/', 2), '')") }} as scale
            from (
                select
                    (
                        array_agg(
                            coalesce(read.fraction, read.plain)
                            order by read.fraction is null, read.number desc
                        ) filter (where coalesce(read.fraction, read.plain) is not null)
                    )[1] as said
                from (
                    select
                        part.number,
                        substring(
                            part.after from '^{{ score_gap() }}'
                            '({{ score_number() }}/{{ score_number() }})'
                        ) as fraction,
                        substring(
                            part.after || case when part.is_last then '' else '|' end
                            from '^{{ score_gap() }}({{ score_number() }})'
                            '(?:[{{ blank_class() }}]|$)'
                        ) as plain
                    from {{ score_parts(parts) }} as part
                ) as read
                offset 0
            ) as found
            offset 0
        ) as valued
        offset 0
    ) as scaled
)
{%- endmacro %}

{#
    Strategy in_last_line, on the last three lines that are not blank, from the top: the
    first that is 'SCORE: d' and nothing else, else the first with three digits (their
    mean, unless it is 0) or a number.
#}
{% macro in_last_line_score(lines) -%}
(
    select
        case
            when line.exact is not null then {{ score_value('line.exact') }}
            when line.mean > 0 then line.mean
            else {{ score_value('line.plain') }}
        end as score,
        case
            when line.number is null then 'No score found in the last 3 lines.'
            when line.exact is not null then null
            when length(line.digits) != 3
                then 'Expected 3 digits in score, found '
                    || length(line.digits) || ': ' || line.three
            when line.mean > 0 then null
            else {{ out_of_range(score_value('line.plain')) }}
        end as error
    from (select 1) as always
    left join lateral (
        select
            said.*,
            replace(replace(said.three, ',', ''), ' ', '') as digits,
            case
                when regexp_like(
                    replace(replace(said.three, ',', ''), ' ', ''), '^[0-9]{3}$'
                )
                    then (
                        cast(left(said.three, 1) as {{ type_ratio() }})
                        + cast(substring(
                            replace(replace(said.three, ',', ''), ' ', ''), 2, 1
                        ) as {{ type_ratio() }})
                        + cast(right(said.three, 1) as {{ type_ratio() }})
                    ) / 3
            end as mean
        from (
            select
                shown.number,
                {%- set word = score_word() ~ score_gap() %}
                substring(
                    shown.line from '^[{{ blank_class() }}]*{{ score_word() }}:'
                    '[{{ blank_class() }}]*([0-9](?:[.][0-9]+)?)[{{ blank_class() }}]*$'
                ) as exact,
                substring(
                    shown.line from '{{ word }}([0-9],?[{{ blank_class() }}]?'
                    '[0-9],?[{{ blank_class() }}]?[0-9])'
                ) as three,
                substring(
                    shown.line from '{{ word }}({{ score_number() }})'
                    '(?:[{{ blank_class() }}]|$)'
                ) as plain
            from (
                select
                    given.number,
                    replace(replace(given.line, '*', ''), '#', '') as line
                from unnest(
                    -- One look at the three spares most texts the others.
                    case
                        when regexp_like(
                            translate(array_to_string({{ lines }}, e'\n'), '*#', ''),
                            '{{ word }}-?[0-9]'
                        ) then {{ lines }}
                    end
                ) with ordinality as given (line, number)
                offset 0
            ) as shown
            offset 0
        ) as said
        where
            coalesce(said.exact, said.plain) is not null
            or replace(replace(said.three, ',', ''), ' ', '') != '000'
        order by said.exact is null, said.number
        limit 1
    ) as line on true
)
{%- endmacro %}

{# Which rules read a score: a text read by others is read anew. #}
{% macro score_rules_version() -%}
{{ return(local_md5(score_steps('texts'))) }}
{%- endmacro %}

{# For pre_hook: scores read by other rules than these. #}
{% macro delete_scores_of_other_rules() -%}
{%- if is_incremental() -%}
delete from {{ this }} where rules_version != '{{ score_rules_version() }}'
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}
