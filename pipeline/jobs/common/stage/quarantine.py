"""Records that cannot become rows: one file per run, with the reason of each."""
import itertools

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..errors import VerificationError
from ..read.frames import read_footers

FOLDER = "quarantine"
SCHEMA = T.StructType([T.StructField(name, T.StringType()) for name in ("record_id", "reason", "source_file", "run_id", "record")])


def quarantine_rows(frame, run_id):
    """Columns reason, source_file, record (JSON) and raw become the rows of the quarantine.

    The id depends on the source file and the record alone, so it is the same after a rerun. A record that a file repeats is kept once.
    `raw` tells apart records of equal JSON.
    """
    identity = F.sha2(F.concat(F.col("source_file"), F.lit("\n"), F.col("record"), F.col("raw")), 256)
    rows = frame.select(identity.alias("record_id"), "reason", "source_file", F.lit(run_id).alias("run_id"), "record")
    return rows.dropDuplicates(["record_id"])


def publish_quarantine(run, target, place, frame):
    """Stages the rows in one file, verifies it, and publishes PLACE/quarantine_date=YYYY-MM-DD/RUN_ID.parquet."""
    staging = target.staging.child(FOLDER)
    rows = quarantine_rows(frame, run.run_id).coalesce(1).sortWithinPartitions("record_id")
    (rows.write.mode("errorifexists").option("compression", "snappy")
     .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").parquet(staging.uri))
    parquets, bad = read_footers(run, target.staged(FOLDER))
    names = [column.name for parquet in parquets for column in parquet.footer.columns]
    if bad or len(parquets) != 1 or names != SCHEMA.names or parquets[0].footer.rows == 0:
        raise VerificationError("the staged quarantine is not what was computed; nothing was published")
    name = f"quarantine_date={run.started:%Y-%m-%d}/{run.run_id}.parquet"
    target.put(parquets[0].file, place.child(name), None)
    run.log.warning(f"{parquets[0].footer.rows} records are in quarantine: {place.text.rstrip('/')}/{name}")


def reason_counts(pairs):
    """[(reason, count)] -> {reason: count}, sums of equal reasons, by name."""
    ordered = sorted((pair for pair in pairs if pair[0] is not None), key=lambda pair: pair[0])
    return {reason: sum(count for _, count in group) for reason, group in itertools.groupby(ordered, key=lambda pair: pair[0])}
