"""The job by DuckDB for Python: semi_join_duckdb.py TABLE_A TABLE_B OUT.gz THREADS. Prints JSON: seconds inside the process, and the version."""
import json
import sys
import time

import duckdb

table_a, table_b, out, threads = sys.argv[1:5]
connection = duckdb.connect()
connection.execute(f"set threads = {threads}")
connection.execute("set preserve_insertion_order = false")

# Keys of the type of Table B's documents, which the author of the query knows: found by another
# instance, so that this one remembers nothing of the files.
type_of_documents = duckdb.connect().execute(f"describe select documento from read_parquet('{table_b}/**/*.parquet', hive_partitioning = false)").fetchone()[1]

started = time.perf_counter()
connection.execute(f"""
    copy (
      select distinct id from read_parquet('{table_b}/**/*.parquet', hive_partitioning = false)
      where documento in (select ('000' || documento)::{type_of_documents} from read_parquet('{table_a}/*.parquet'))
    ) to '{out}' (format csv, header false, quote '', compression gzip)""")
print(json.dumps({"inner_s": time.perf_counter() - started, "version": duckdb.__version__}))
