"""Staging: one file per partition, in one task each."""
from pyspark.sql import Observation
from pyspark.sql import functions as F

from ...parquet.spark_types import quoted
from ..errors import VerificationError

ROW_GROUP_BYTES = 128 << 20


def stage(run, frame, partition_columns, order, staging, observed=(), columns=None):
    """Writes a frame below the staging place and returns {name: value} of the observed aggregates and 'rows'.

    partition_columns  names; their values are in the folders, not in the files
    order              columns that rows are sorted by within a partition
    observed           aggregate columns with aliases, computed in the same pass
    columns            names of the file's columns, if the frame has others that are only observed
    """
    keys = [F.col(quoted(name)) for name in partition_columns]
    observation = Observation(f"stage-{run.run_id}-{staging.path[-64:]}")
    # The observation comes before the sort: Spark would sort a second time if it came after.
    gathered = frame.repartition(*keys).observe(observation, F.count(F.lit(1)).alias("rows"), *observed)
    if columns is not None:
        gathered = gathered.select(*[F.col(quoted(name)) for name in columns], *keys)
    ordered = gathered.sortWithinPartitions(*keys, *order)
    run.explain(ordered)
    (ordered.write
     .mode("errorifexists")
     .partitionBy(*partition_columns)
     .option("compression", "snappy")
     .option("parquet.block.size", ROW_GROUP_BYTES)
     .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
     .parquet(staging.uri))
    found = observation.get
    if "rows" not in found:
        raise VerificationError("Spark reports no row count for what it staged; nothing was published")
    return found
