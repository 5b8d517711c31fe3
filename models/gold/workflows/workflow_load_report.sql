{{ load_report(
    source('raw_workflows', 'files'),
    source('raw_workflows', 'run_files'),
    source('raw_workflows', 'runs')
) }}
