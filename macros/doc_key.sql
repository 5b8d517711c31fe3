{#
    The identifier of the documents' runtime, to the character: sha256 over the parts,
    each followed by '|'; of its first 12 bytes, read as one number, the digits to base
    36; of those the first 16, zeros in front of a shorter number. (A number of 96 bits
    has 18 or 19 digits as a rule: the low ones are cut.)
    parts: SQL expressions of text, literals in quotes; a null counts as ''.

    The number is halved at 36^9, so that its digits come from bigints. `offset 0` keeps
    each step from being written out, and computed, once per digit.
#}
{% macro doc_key(parts) -%}
{%- set digits = [] -%}
{%- for half, count in [('high', 10), ('low', 9)] -%}
{%- for place in range(count - 1, -1, -1) -%}
{%- do digits.append(
    "substr('0123456789abcdefghijklmnopqrstuvwxyz', cast(halves." ~ half ~ " / "
    ~ 36 ** place ~ " % 36 as integer) + 1, 1)"
) -%}
{%- endfor -%}
{%- endfor -%}
(
            select lpad(ltrim({{ digits | join(' || ') }}, '0'), 16, '0')
            from (
                select
                    cast(div(whole.number, {{ 36 ** 9 }}) as bigint) as high,
                    cast(mod(whole.number, {{ 36 ** 9 }}) as bigint) as low
                from (
                    select
                        cast({{ bytes_as_number('hashed.digest', 1, 6) }} as numeric)
                        * {{ 2 ** 48 }}
                        + {{ bytes_as_number('hashed.digest', 7, 6) }} as number
                    from (
                        select
                            sha256(convert_to(
                                {% for part in parts -%}
                                coalesce({{ part }}, '') || '|'
                                {{- ' || ' if not loop.last }}
                                {%- endfor %}, 'UTF8'
                            )) as digest
                        offset 0
                    ) as hashed
                    offset 0
                ) as whole
                offset 0
            ) as halves
        )
{%- endmacro %}

{# Some bytes of a binary string as one number, the first the highest; up to 7 of them. #}
{% macro bytes_as_number(bytes, first, count) -%}
cast(cast('x' || encode(substring({{ bytes }} from {{ first }} for {{ count }}), 'hex')
            as bit({{ 8 * count }})) as bigint)
{%- endmacro %}
