{{ tests_of_superseded_rows(cancer_silver_tables()) }}
