{#
    Strategy final_score, ours: the verdict of a response, not the last number that happens
    to follow the word. docs/decisions/0015-reading-scores.md has the rules and why.
#}

{# Marks that decorate a word or number: emphasis, code, quotes. #}
{% macro score_marks() -%} *_`" {%- endmacro %}

{# Between the word and its number: a colon or the like, or at least a blank. #}
{% macro verdict_gap() -%}
{%- set around = blank_class() ~ score_marks() -%}
[{{ score_marks() }}]*(?:[{{ blank_class() }}]*(?:[:=|→–—]|-(?=[{{ blank_class() }}]))|[{{ blank_class() }}])[{{ around }}]*
{%- endmacro %}

{# n, n/d or 'n out of d'. #}
{% macro verdict_value() -%}
{{ score_number() }}(?:[{{ blank_class() }}]*(?:/|out of)[{{ blank_class() }}]*{{ score_number() }})?
{%- endmacro %}

{# What may not follow a value: 7-8, 7,5, 80% and 1.2.3 are none. #}
{% macro no_value_end() -%}
[0-9A-Za-z%/]|[.,:][0-9]|[{{ blank_class() }}]*[-–—][{{ blank_class() }}]*[0-9]
{%- endmacro %}

{#
    Ranks of what was said, best first:
    1 a value of the whole scale (n/10, n/9, n/100) on a line of its own;
    2 a bare value on a line of its own that says final, total or overall; 3 or does not;
    4 a value of the whole scale elsewhere; 5 a bare value elsewhere, after a colon or said
    to be final, total or overall;
    6 a value of a part (n/5) said to be final, total or overall; 7 or not.
    Within a rank the last one counts.
#}
{% macro final_score(parts) -%}
(
    select
        scaled.score,
        case
            when scaled.said_count is null then 'No score found in response'
            when scaled.rank = 7 and scaled.said_count > 1
                then 'Only scores of parts found in response'
            when scaled.value is null then 'Unreadable score'
            else coalesce(
                {{ fraction_error('scaled.scale') }}, {{ out_of_range('scaled.score') }}
            )
        end as error
    from (select 1) as always
    left join lateral (
        select
            best.*,
            case
                when best.scale is null then best.value
                else {{ score_of_ten('best.value', 'best.scale') }}
            end as score
        from (
            select
                ranked.*,
                count(*) over () as said_count
            from (
                select
                    valued.*,
                    case
                        when valued.is_own_line and valued.is_whole then 1
                        when valued.is_own_line and valued.is_bare and valued.is_total
                            then 2
                        when valued.is_own_line and valued.is_bare then 3
                        when valued.is_whole then 4
                        when valued.is_bare and (valued.is_total or valued.is_after_mark)
                            then 5
                        when valued.is_part and valued.is_total then 6
                        when valued.is_part then 7
                    end as rank
                from {{ valued_parts(parts) }} as valued
            ) as ranked
            where ranked.rank is not null
            order by ranked.rank, ranked.number desc
            limit 1
        ) as best
        offset 0
    ) as scaled on true
)
{%- endmacro %}

{# Parts that state a value, read, with what tells a verdict from a score of parts. #}
{% macro valued_parts(parts) -%}
{%- set blanks = '[' ~ blank_class() ~ ']' -%}
{%- set blanks_and_marks = '[' ~ blank_class() ~ score_marks() ~ ']' -%}
(
    select
        numbers.*,
        coalesce(numbers.scale >= 9 or numbers.scale = 0, false) as is_whole,
        coalesce(numbers.scale < 9 and numbers.scale != 0, false) as is_part,
        numbers.scale is null as is_bare
    from (
        select
            said.number,
            said.is_own_line,
            said.is_total,
            said.is_after_mark,
            {{ score_value('said.numerator') }} as value,
            {{ score_value('said.denominator') }} as scale
        from (
            select
                read.*,
                regexp_like(read.stated, '^{{ blanks_and_marks }}*[:=|→–—]')
                    as is_after_mark,
                case
                    when not regexp_like(read.rest, '^(?:{{ no_value_end() }})')
                        then substring(read.value from '{{ score_number() }}')
                end as numerator,
                substring(
                    read.value
                    from '(?:/|out of){{ blanks }}*({{ score_number() }})$'
                ) as denominator
            from (
                select
                    stated.*,
                    coalesce(substring(stated.sum from '=[^=]*$'), stated.stated) as value,
                    substr(
                        stated.head, length(coalesce(stated.sum, stated.stated)) + 1, 40
                    ) as rest,
                    regexp_like(
                        stated.before,
                        -- An item of a list is a verdict only if it says so.
                        '(?i)\n[{{ blank_class() }}>|]*(?:[{{ score_marks() }}]*'
                        '|(?:(?:[-+*•]|[0-9]+[.)]){{ blanks }}+)?[{{ score_marks() }}]*'
                        '(?:(?:final|total|overall){{ blanks }}+)+[{{ score_marks() }}]*)$'
                    ) as is_own_line,
                    regexp_like(
                        stated.before, '(?i)(?:final|total|overall){{ blanks_and_marks }}+$'
                    ) as is_total
                from (
                    select
                        headed.*,
                        -- '3 (core) + 3 (connections) = 6/10': what the sum comes to.
                        case
                            when
                                position('+' in headed.head) > 0
                                and position('=' in headed.head) > 0
                                then substring(
                                    headed.head
                                    from '^{{ verdict_gap() }}{{ score_number() }}(?:/[0-8])?'
                                    '(?:[^0-9./\n=+][^\n=+]*)?[+][^\n]*='
                                    '{{ blanks_and_marks }}*{{ verdict_value() }}'
                                )
                        end as sum,
                        substring(
                            headed.head from '^{{ verdict_gap() }}{{ verdict_value() }}'
                        ) as stated
                    from (
                        select
                            part.number,
                            part.before,
                            left(part.after, 300)
                            || case
                                when part.is_last and length(part.after) <= 300 then ''
                                else 'score'
                            end as head
                        from {{ score_parts(parts) }} as part
                        offset 0
                    ) as headed
                    offset 0
                ) as stated
                where
                    stated.stated is not null
                    -- The word stands alone: 'underscore 5' and 'my_score: 5' are others.
                    and not regexp_like(stated.before, '[0-9A-Za-zÀ-ɏ][_]*$')
                offset 0
            ) as read
            -- A list that begins under the word is no number of it.
            where not (
                position(e'\n' in read.stated) > 0
                and regexp_like(read.rest, '^[.)](?:{{ blanks }}|$)')
            )
            offset 0
        ) as said
        offset 0
    ) as numbers
    offset 0
)
{%- endmacro %}
