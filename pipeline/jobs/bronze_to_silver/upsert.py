"""The newest row of each key and event day."""
from pyspark.sql import functions as F

from ..parquet.spark_types import quoted
from .columns import KEYS, NAMES, total_order


def newest(rows, key_columns, added):
    """One row per key and event day: the greatest by a total order, null being less than any value.

    The maximum is computed before the rows are exchanged too, so a car with most of the rows gives each task one row to send.
    """
    order = total_order(added)
    keys = [F.col(quoted(name)).alias(f"__key_{index}") for index, name in enumerate(key_columns)]
    winner = F.max(F.struct(*[F.col(quoted(name)) for name in order])).alias("__newest")
    grouped = rows.groupBy(*keys, *KEYS).agg(winner)
    return grouped.select(*[F.col("__newest").getField(name).alias(name) for name in (*NAMES, *added)], *KEYS)


def row_order(added):
    """Order within a file: car and time, then the total order, so that the same rows are the same bytes."""
    first = ("carChassis", "metrics_metricTimestamp")
    return [F.col(quoted(name)) for name in (*first, *[name for name in total_order(added) if name not in first])]
