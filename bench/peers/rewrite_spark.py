"""Rewrites a set as Spark writes it: rewrite_spark.py SOURCE TARGET v1|v2.

v1 is what Spark writes when nothing is set. v2 has data pages of the second version; without dictionaries, byte arrays are DELTA_BYTE_ARRAY then.
"""
import os
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession

source, target, version = sys.argv[1:4]
with tempfile.TemporaryDirectory() as warehouse:
    spark = (SparkSession.builder.master("local[2]").appName("rewrite")
             .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").config("spark.driver.host", "127.0.0.1")
             .config("spark.sql.warehouse.dir", warehouse).config("spark.sql.parquet.compression.codec", "snappy")
             .config("spark.log.level", "ERROR").getOrCreate())
    part = f"{target}.part"
    shutil.rmtree(part, ignore_errors=True)
    writer = spark.read.parquet(source).write
    if version == "v2":
        writer = writer.option("parquet.writer.version", "PARQUET_2_0").option("parquet.enable.dictionary", "false")
    writer.partitionBy("ano_mes_dia").parquet(part)
    print(spark.version)
    spark.stop()
os.remove(os.path.join(part, "_SUCCESS"))
os.rename(part, target)
