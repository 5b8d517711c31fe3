{{ load_report(
    source('raw_documents', 'files'),
    source('raw_documents', 'run_files'),
    source('raw_documents', 'runs')
) }}
