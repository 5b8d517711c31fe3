{{ load_report(
    source('raw_cancer', 'files'),
    source('raw_cancer', 'run_files'),
    source('raw_cancer', 'runs')
) }}
