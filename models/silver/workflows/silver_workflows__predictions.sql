{%- set key = ['request_id', 'pattern_signature'] -%}

with {{ current_landed_rows('pattern_predictions', key, {
    'request_id': filled('landed.request_id'),
    'pattern_signature': 'lower(' ~ filled('landed.pattern_id') ~ ')',
    'confidence_ratio': plain_number('landed.confidence_score', type_ratio()),
    'reasoning': filled('landed.reasoning'),
    'was_correct': truth('landed.was_correct'),
    'predicted_at': utc_timestamp('landed.predicted_at'),
    'validated_at': utc_timestamp('landed.validated_at'),
}) }},

final as (

    select
        request_id,
        pattern_signature,
        confidence_ratio,
        reasoning,
        was_correct,
        predicted_at,
        validated_at,
        file_id,
        table_key,
        source_row
    from current_rows
    where request_id is not null

)

select * from final
