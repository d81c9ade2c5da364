"""Makes the tables of bench/pruning as Spark writes them: cluster_spark.py TARGET ROWS.

TARGET/scattered: documents in random order. TARGET/clustered: the same rows, each file and row group sorted by document. TARGET/bloom: scattered, with bloom filters of the documents.
TARGET/keys-N.txt: N documents of these rows, one a line. Row groups are small, so that a table of this size has many.
"""
import os
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession, functions as f

target, rows = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory() as warehouse:
    spark = (SparkSession.builder.master("local[2]").appName("cluster")
             .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "4")
             .config("spark.sql.warehouse.dir", warehouse).config("spark.sql.parquet.compression.codec", "snappy").config("spark.log.level", "ERROR").getOrCreate())
    cpf = f.lpad(f.pmod(f.xxhash64("i"), f.lit(10**11)).cast("string"), 11, "0")
    table = spark.range(0, rows, 1, 4).withColumnRenamed("id", "i").select(
        "i", f.concat(f.lit("ID"), f.lpad(f.pmod(f.xxhash64("i", f.lit(1)), f.lit(10**9)).cast("string"), 9, "0")).alias("id"),
        cpf.alias("cpf"), f.concat(f.lit("000"), cpf).alias("documento"))
    part = f"{target}.part"
    shutil.rmtree(part, ignore_errors=True)

    def write(name, frame, **options):
        frame.select("id", "documento").write.options(**{"parquet.block.size": 4 << 20, **options}).parquet(f"{part}/{name}/ano_mes_dia=20251022")

    write("scattered", table)
    write("clustered", table.repartitionByRange(4, "documento").sortWithinPartitions("documento"))
    write("bloom", table, **{"parquet.bloom.filter.enabled#documento": "true", "parquet.bloom.filter.expected.ndv#documento": "200000"})
    for count in (10, 100, 1000, 100_000):
        if count <= rows:
            keys = [row.cpf for row in table.where(f.col("i") % (rows // count) == 0).limit(count).select("cpf").collect()]
            with open(f"{part}/keys-{count}.txt", "w", encoding="ascii") as file:
                file.write("\n".join(keys) + "\n")
    spark.stop()
for folder, _, names in os.walk(part):
    for name in names:
        if name == "_SUCCESS" or name.endswith(".crc"):
            os.remove(os.path.join(folder, name))
os.rename(part, target)
