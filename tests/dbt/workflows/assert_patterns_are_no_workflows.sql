-- A phase, a template or a whole life cycle is no pattern.
select pattern_signature
from {{ ref('operation_patterns') }}
where
    pattern_signature like 'sdlc:%'
    or pattern_signature like 'patch:%'
    or pattern_signature not like '%_:_%:_%'
    or pattern_signature like '%:%:%:%'
