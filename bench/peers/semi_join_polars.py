"""The job by Polars: semi_join_polars.py TABLE_A TABLE_B OUT.gz THREADS. Prints JSON: seconds inside the process, and the version.

Of the ways to write it, a list of keys pushed into the scan (is_in, prefiltered) is the fastest that was found; a semi join takes longer.
"""
import gzip
import json
import os
import sys
import time
import uuid

table_a, table_b, out, threads = sys.argv[1:5]
os.environ["POLARS_MAX_THREADS"] = threads
import polars  # noqa: E402  (reads the number of threads when it is imported)

# Keys of the type of Table B's documents, which the author of the query knows.
types = polars.scan_parquet(f"{table_b}/**/*.parquet", hive_partitioning=False).select("id", "documento").collect_schema()

started = time.perf_counter()
keys = polars.scan_parquet(f"{table_a}/*.parquet", hive_partitioning=False).select(("000" + polars.col("documento")).cast(types["documento"])).collect().to_series().unique()
rows = polars.scan_parquet(f"{table_b}/**/*.parquet", hive_partitioning=False, parallel="prefiltered").select("id", "documento")
ids = rows.filter(polars.col("documento").is_in(keys.implode())).select("id").unique().collect(engine="streaming")
if types["id"] == polars.Binary:
    ids = polars.DataFrame({"id": [str(uuid.UUID(bytes=value)) for value in ids["id"]]})
with gzip.open(out, "wb", compresslevel=6) as file:
    file.write(ids.write_csv(include_header=False, quote_style="never").encode())
print(json.dumps({"inner_s": time.perf_counter() - started, "version": polars.__version__}))
