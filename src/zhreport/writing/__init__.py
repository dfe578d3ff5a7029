"""Writing records to files: tables (CSV, Parquet, Feather, Excel, Stata), JSONL and text to read."""
