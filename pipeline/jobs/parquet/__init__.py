"""Footers of Parquet files, read without Spark or another library."""
