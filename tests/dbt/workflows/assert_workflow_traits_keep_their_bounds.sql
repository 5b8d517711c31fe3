-- Words, errors and durations around each bound; keywords and files of texts.
with inputs as (

    {{ text_rows([
        ['Run pytest tests', '0', '120', 'simple', 'short', '3', 'test pytest run', ''],
        ['word ' * 49, '0', '179.9', 'simple', 'short', '49', '', ''],
        ['word ' * 50, '0', '180', 'medium', 'medium', '50', '', ''],
        [' word\n' * 200, '0', '599', 'medium', 'medium', '200', '', ''],
        ['word\t' * 201, '0', '600', 'complex', 'long', '201', '', ''],
        ['word', '2', none, 'simple', 'short', '1', '', ''],
        ['word', '3', '0', 'medium', 'short', '1', '', ''],
        ['word', '5', '0', 'medium', 'short', '1', '', ''],
        ['word', '6', '0', 'complex', 'short', '1', '', ''],
        ['', '0', none, 'simple', 'short', '0', '', ''],
        [' \n ', '0', none, 'simple', 'short', '0', '', ''],
        [
            'fix src/a/b, x.py and x.py in tests/unit',
            '0', none, 'simple', 'short', '7', 'test', 'src/a/b tests/unit x.py',
        ],
        [
            'Build the API: app/server/main.py',
            '0', none, 'simple', 'short', '4', 'build server api ui',
            'app/server/main',
        ],
    ], [
        'nl_input', 'error_count', 'duration_seconds', 'expected_complexity',
        'expected_range', 'expected_words', 'expected_keywords', 'expected_files',
    ]) }}

),

typed as (

    select
        *,
        lower(nl_input) as input_text,
        cast(error_count as {{ type_whole() }}) as errors,
        cast(duration_seconds as {{ type_ratio() }}) as seconds,
        {{ word_count('nl_input') }} as words
    from inputs

),

final as (

    select
        nl_input,
        words,
        {{ complexity('words', 'errors') | indent(8) }} as complexity,
        {{ duration_range('seconds') | indent(8) }} as duration_range,
        {{ keywords_in('input_text') | indent(8) }} as keywords,
        {{ files_in('nl_input') | indent(8) }} as files,
        expected_complexity,
        expected_range,
        expected_keywords,
        expected_files,
        cast(expected_words as {{ type_whole() }}) as expected_words
    from typed

)

select * from final
where
    complexity != expected_complexity
    or duration_range != expected_range
    or words != expected_words
    or keywords != expected_keywords
    or files != expected_files
