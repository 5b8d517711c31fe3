{{ config(materialized='view') }}

with catalogue as (

    select * from {{ ref('metric_catalogue') }}

),

standards as (

    select * from {{ ref('metric_targets') }}
    where target_kind = 'standard'

),

organisations as (

    select * from {{ ref('dim_organisations') }}

),

metric_values as (

    {% for relation, domain, absent in [
        ('int_cancer_metric_values', 'cancer',
            ['period_end', 'rtt_part_type', 'treatment_function_code', 'entity_level']),
        ('int_rtt_metric_values', 'rtt',
            ['referral_route', 'cancer_type', 'sample_size', 'is_rollup',
                'rollup_method']),
        ('int_oversight_metric_values', 'oversight',
            ['referral_route', 'cancer_type', 'rtt_part_type',
                'treatment_function_code', 'entity_level', 'numerator', 'denominator',
                'sample_size', 'is_rollup', 'rollup_method']),
    ] %}
    select
        period,
        period_start,
        '{{ domain }}' as domain,
        metric_id,
        org_code,
        org_name,
        {% for column, kind, otherwise in [
            ('period_end', 'date', last_of_month('period_start')),
            ('referral_route', type_text(), 'null'),
            ('cancer_type', type_text(), 'null'),
            ('rtt_part_type', type_text(), 'null'),
            ('treatment_function_code', type_text(), 'null'),
            ('entity_level', type_text(), "'provider'"),
            ('numerator', type_count(), 'null'),
            ('denominator', type_count(), 'null'),
            ('sample_size', type_count(), 'denominator' if domain == 'rtt' else 'null'),
            ('is_rollup', 'boolean', 'false'),
            ('rollup_method', type_text(), 'null'),
        ] %}
        cast({{ otherwise if column in absent else column }} as {{ kind }})
            as {{ column }},
        {% endfor %}
        metric_value,
        release_status,
        source_file,
        is_example
    from {{ ref(relation) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        metric_values.period,
        metric_values.period_start,
        metric_values.period_end,
        metric_values.metric_id,
        catalogue.metric_label,
        metric_values.domain,
        metric_values.org_code,
        metric_values.org_name,
        organisations.region_name,
        organisations.trust_type,
        organisations.trust_subtype,
        metric_values.referral_route,
        metric_values.cancer_type,
        metric_values.rtt_part_type,
        metric_values.treatment_function_code,
        metric_values.entity_level,
        metric_values.metric_value as value,
        catalogue.unit,
        metric_values.numerator,
        metric_values.denominator,
        coalesce(metric_values.sample_size >= catalogue.min_denominator, true)
            as valid_sample,
        standards.target_value,
        case
            when catalogue.higher_is_better
                then metric_values.metric_value >= standards.target_value
            else metric_values.metric_value <= standards.target_value
        end as target_met,
        catalogue.higher_is_better,
        metric_values.is_rollup,
        metric_values.rollup_method,
        {{ disagg_key() }} as disagg_key,
        metric_values.release_status,
        metric_values.source_file,
        metric_values.is_example
    from metric_values
    left join catalogue
        on metric_values.metric_id = catalogue.metric_id
    -- The waiting-time standard is about the list as a whole, not about its part 2A.
    left join standards
        on metric_values.metric_id = standards.metric_id
        and coalesce(metric_values.rtt_part_type, 'Part_2') != 'Part_2A'
        and metric_values.period_start >= standards.valid_from
        and metric_values.period_start
        <= coalesce(standards.valid_to, metric_values.period_start)
    left join organisations
        on metric_values.org_code = organisations.org_code

)

select * from final
