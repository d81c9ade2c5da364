"""The query: rows whose key is a key of Table A, their distinct ids, and the checks on them. It
reads Table B once.
"""
from pyspark.sql import functions as F

from .types import key_form, key_value, keys_in_form, text_of


def match(rows, shape, keys, join):
    """Ids, as text, of the rows whose key is in `keys`.

    :param rows: columns `key` and `id` as stored
    :param keys: one column `key`, BINARY, distinct
    :param join: 'broadcast' or 'shuffle_hash'
    """
    # The filter on the stored column is what reaches the Parquet reader.
    present = rows.where(F.col("key").isNotNull()).select(key_value(F.col("key"), shape.key).alias("key"), "id")
    wanted = keys_in_form(keys, key_form(shape.key)).hint(join)
    found = present.join(wanted, "key", "left_semi")
    return found.select((F.lit(None).cast("string") if shape.id is None else text_of(F.col("id"), shape.id)).alias("id"))


def count_ids(matched):
    """One row per distinct id: `id`, `rows`."""
    return matched.groupBy("id").agg(F.count(F.lit(1)).alias("rows"))


def checks(observation, counted):
    """Adds the checks. They are evaluated in the last stage, whose tasks count once whatever is
    run again.
    """
    is_missing = _is_missing()
    text = F.coalesce(F.col("id"), F.lit(""))
    decoded = F.encode(F.decode(text.cast("binary"), "UTF-8"), "UTF-8")
    return counted.observe(
        observation,
        F.coalesce(F.sum("rows"), F.lit(0)).alias("matched_rows"),
        F.coalesce(F.sum(F.when(is_missing, F.col("rows"))), F.lit(0)).alias("null_ids"),
        F.count(F.when(~is_missing, 1)).alias("total_ids"),
        F.count(F.when(text.contains("\r") | text.contains("\n"), 1)).alias("line_breaks"),
        F.count(F.when(decoded != text.cast("binary"), 1)).alias("not_utf8"),
    )


def ids(counted):
    """The result: one column `id`, distinct, without nulls and empty texts."""
    return counted.where(~_is_missing()).select(F.col("id").cast("string").alias("id"))


def _is_missing():
    return F.col("id").isNull() | (F.length(F.col("id").cast("binary")) == 0)
