{#
    The time bands of RTT. Band LO to HI counts waits of more than LO and up to HI weeks;
    a wait of exactly 18 weeks is in 17 to 18. The last band of a layout is open: 104
    weeks and more, 52 before April 2021.
#}

{# (column, from, to) in order; the open bands have a width of one week. #}
{% macro rtt_bands() -%}
{%- set bands = [] -%}
{%- for week in range(104) -%}
{%- if week == 52 -%}
{%- do bands.append(('gt_52_weeks', 52, 53)) -%}
{%- endif -%}
{%- do bands.append(('gt_%02d_to_%02d_weeks' % (week, week + 1), week, week + 1)) -%}
{%- endfor -%}
{%- do bands.append(('gt_104_weeks', 104, 105)) -%}
{{ return(bands) }}
{%- endmacro %}

{#
    The bands in blocks, cut where a threshold is counted: (first week, bands). The open
    band of the old layout is a block of its own between 52 and 52: it is over 52 weeks,
    and nothing is known above.
#}
{% macro rtt_band_blocks() -%}
{%- set blocks = [] -%}
{%- for first, last in [
    (0, 6), (6, 12), (12, 18), (18, 22), (22, 26), (26, 33), (33, 40), (40, 46), (46, 52)
] -%}
{%- do blocks.append((first, rtt_bands()[first:last])) -%}
{%- endfor -%}
{%- do blocks.append((52, rtt_bands()[52:53])) -%}
{%- for first, last in [
    (52, 58), (58, 65), (65, 71), (71, 78), (78, 84), (84, 91), (91, 97), (97, 104),
    (104, 105)
] -%}
{%- do blocks.append((first, rtt_bands()[first + 1:last + 1])) -%}
{%- endfor -%}
{{ return(blocks) }}
{%- endmacro %}

{# Every band as it is, for a select list. #}
{% macro rtt_band_columns(alias) -%}
{%- for column, from_weeks, to_weeks in rtt_bands() -%}
{{ alias }}.{{ column }}{{ ',\n        ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#
    The sum of every band; null where it is empty. As an integer again: Postgres sums
    integers to bigint, but bigints to numeric, which is slow.
#}
{% macro rtt_band_sums() -%}
{%- for column, from_weeks, to_weeks in rtt_bands() -%}
cast(sum({{ column }}) as {{ dbt.type_int() }}) as {{ column }}{{ ',\n        ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#
    The sums with 0 for an empty band, the sum of each block, and of all. Computed with
    the aggregate, so that what reads them does not compute them again.
#}
{% macro rtt_band_and_block_sums() -%}
{%- for column, from_weeks, to_weeks in rtt_bands() -%}
coalesce(sum({{ column }}), 0){{ '\n        + ' if not loop.last }}
{%- endfor %} as known_clock_count,
        {% for number, (first, bands) in rtt_numbered_blocks() -%}
{%- for column, from_weeks, to_weeks in bands -%}
coalesce(sum({{ column }}), 0) as {{ column }},
        {% endfor -%}
{%- for column, from_weeks, to_weeks in bands -%}
coalesce(sum({{ column }}), 0){{ ' + ' if not loop.last }}
{%- endfor %} as block_{{ number }}{{ ',\n        ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro rtt_numbered_blocks() -%}
{%- set numbered = [] -%}
{%- for block in rtt_band_blocks() -%}
{%- do numbered.append((loop.index, block)) -%}
{%- endfor -%}
{{ return(numbered) }}
{%- endmacro %}

{#
    The weeks within which so many percent of the waits of known length lie, as NHS
    England computes them: LO + (q T - those in lower bands) / those in the band, in the
    first band where the cumulative count reaches q T. Null when nobody is counted.
    Expects the columns of rtt_band_and_block_sums and rtt_cumulative_columns: first the
    block is found, then the band in it, without a row per band. Whole numbers decide
    which band it is.
#}
{% macro rtt_wait_quantile(percent) -%}
{%- set target = percent ~ ' * known_clock_count' -%}
case
        {%- for number, (first, bands) in rtt_numbered_blocks() %}
        {%- set lower = ['up_to_block_' ~ (number - 1)] %}
        when 100 * up_to_block_{{ number }} >= {{ target }}
            then case
            {%- for column, from_weeks, to_weeks in bands %}
            {%- set before = lower | join(' + ') %}
                when 100 * ({{ before }} + {{ column }}) >= {{ target }}
                    then {{ from_weeks }} + {{ ratio(
                        target ~ ' - 100 * (' ~ before ~ ')', '100 * ' ~ column
                    ) }}
            {%- do lower.append(column) %}
            {%- endfor %}
            end
        {%- endfor %}
        end
{%- endmacro %}

{# Waits up to the end of each block, and those longer than the thresholds. #}
{% macro rtt_cumulative_columns() -%}
{%- set blocks = [] -%}
0 as up_to_block_0,
        {% for number, (first, bands) in rtt_numbered_blocks() -%}
{%- do blocks.append('block_' ~ number) -%}
{{ blocks | join(' + ') }} as up_to_block_{{ number }},
        {% endfor -%}
{%- for weeks in [18, 26, 40, 52, 65, 78, 104] -%}
{%- set longer = [] -%}
{%- for number, (first, bands) in rtt_numbered_blocks() if first >= weeks -%}
{%- do longer.append('block_' ~ number) -%}
{%- endfor -%}
{{ longer | join(' + ') }} as over_{{ weeks }}_weeks_count{{ ',\n        ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}
