{{ load_report(
    source('raw_rtt', 'files'),
    source('raw_rtt', 'run_files'),
    source('raw_rtt', 'runs')
) }}
