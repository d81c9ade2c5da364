"""What Spark alone costs: read, join, distinct of the same columns, without checks, publishing or
pins. Prints one line of JSON.

  bare.py TABLE_A PARTITION OUT [K=V ...]
"""
import json
import resource
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def main(table_a, partition, out, *settings):
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    for setting in settings:
        builder = builder.config(*setting.split("=", 1))
    spark = builder.getOrCreate()
    began = time.monotonic()
    keys = spark.read.parquet(table_a).select(F.lpad("documento", 14, "0").alias("documento")).distinct()
    spark.read.parquet(partition).select("documento", "id").join(F.broadcast(keys), "documento",
                                                                 "left_semi").select("id").distinct().write.parquet(out)
    seconds = time.monotonic() - began
    print(json.dumps({"inner_s": seconds, "peak_rss_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
