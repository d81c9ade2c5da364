"""Writes a file of the first rows of another, in the same shape, by DuckDB: short_file.py SOURCE TARGET BYTES, about so many of them."""
import sys

import duckdb

source, target, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
rows, total, group = duckdb.sql(
    "SELECT (SELECT num_rows FROM parquet_file_metadata($source)), sum(total_compressed_size), max(row_group_num_rows) FROM parquet_metadata($source)".replace("$source", f"'{source}'")
).fetchall()[0]
duckdb.sql(f"COPY (SELECT * FROM read_parquet('{source}', hive_partitioning = false) LIMIT {rows * size // int(total)}) TO '{target}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {group})")
