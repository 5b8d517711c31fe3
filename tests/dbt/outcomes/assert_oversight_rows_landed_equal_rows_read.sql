{{ rows_not_landed(
    'oversight', ['silver_oversight__metrics', 'silver_oversight__league_table']
) }}
