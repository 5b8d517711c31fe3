{{ config(materialized='table') }}

{{ publication_silver_row_counts() }}
