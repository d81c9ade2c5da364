"""The job by Polars on files in S3 or on disk: semi_join_polars.py TABLE_A OUT.gz THREADS ENDPOINT FILE... Prints JSON: seconds inside the process, and the version.

ENDPOINT is - for files on disk; the query is that of bench/peers. Files are named one by one, so that no listing is needed.
"""
import gzip
import json
import os
import sys
import time

table_a, out, threads, endpoint, *files = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads
import polars  # noqa: E402  (reads the number of threads when it is imported)

options = None if endpoint == "-" else {
    "aws_endpoint_url": endpoint, "aws_allow_http": "true", "aws_region": os.environ["AWS_REGION"],
    "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
}
started = time.perf_counter()
keys = polars.scan_parquet(f"{table_a}/*.parquet", hive_partitioning=False).select("000" + polars.col("documento")).collect().to_series().unique()
rows = polars.scan_parquet(files, hive_partitioning=False, parallel="prefiltered", storage_options=options, glob=False).select("id", "documento")
ids = rows.filter(polars.col("documento").is_in(keys.implode())).select("id").unique().collect(engine="streaming")
with gzip.open(out, "wb", compresslevel=6) as file:
    file.write(ids.write_csv(include_header=False, quote_style="never").encode())
print(json.dumps({"inner_s": time.perf_counter() - started, "version": polars.__version__}))
