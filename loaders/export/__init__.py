"""Export: the relations dbt built as Parquet, with a catalogue and descriptions."""
