"""The reading of messy tables: workbooks, csv text, names, values and layout."""
