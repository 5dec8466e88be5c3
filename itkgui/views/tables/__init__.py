"""The table of records, its columns, and what takes its rows elsewhere."""
