"""Table A in Spark: values become keys, each once, with counts."""
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..scan.types import text_of
from . import rules

KEYS_PER_LINE = 4096


def values(rows, shape):
    """The values of the key column as text, bytes as they are, those of a UUID too; null stays null."""
    if shape.key is None:
        return rows.select(F.lit(None).cast("string").alias("value"))
    is_uuid = shape.key.logical.kind == "UUID"
    value = F.col("key").cast("string") if is_uuid else text_of(F.col("key"), shape.key)
    return rows.select(value.alias("value"))


def union(frames):
    return reduce(lambda one, other: one.union(other), frames)


def clean(frame, match, width):
    """Adds nothing but `key` (BINARY) and `reason` (why there is no key), one row per value. The
    same as rules.Cleaner.
    """
    value = F.col("value")
    if match == "concat":
        key, reason = F.concat(F.lit(rules.PREFIX).cast("binary"), value.cast("binary")), F.when(value.isNull(), F.lit(rules.EMPTY))
        return frame.select(key.alias("key"), reason.alias("reason"))
    # Nearly all values are digits and nothing else. For them one pattern decides what six decide for others.
    plain = value.rlike(f"^[0-9]{{1,{width}}}\\z")
    digits = F.regexp_replace(value, "[^0-9]", "")
    reason = (F.when(value.isNull(), F.lit(rules.EMPTY))
              .when(plain, F.lit(None))
              .when(value.rlike(rules.LINE_END), F.lit(rules.NOT_DIGITS))
              .when(value.rlike(rules.BLANKS), F.lit(rules.EMPTY))
              .when(value.rlike(rules.NUMBER), F.lit(rules.FLOAT))
              .when(~value.rlike(rules.DOCUMENT), F.when(value.rlike(rules.PUNCTUATED),
                                                         F.lit(rules.PUNCTUATION)).otherwise(F.lit(rules.NOT_DIGITS)))
              .when(F.length(digits) > width, F.lit(rules.TOO_LONG)))
    key = F.when(plain, F.lpad(value, width, "0")).when(reason.isNull(), F.lpad(digits, width, "0")).cast("binary")
    return frame.select(key.alias("key"), reason.alias("reason"))


def count(cleaned):
    """One row per distinct key and reason, with the number of its values as `values`."""
    return cleaned.groupBy("key", "reason").agg(F.count(F.lit(1)).alias("values"))


def keys_of_list(spark, keys):
    """A list's keys, which the driver has read, as a DataFrame of one BINARY column `key`.

    They go to the JVM as a local relation: no Python worker is needed, and EXPLAIN shows its column
    only, never its rows.
    """
    lines = spark._jvm.java.util.ArrayList()
    for start in range(0, len(keys), KEYS_PER_LINE):
        lines.add(",".join(key.hex() for key in keys[start:start + KEYS_PER_LINE]))
    strings = spark._jsparkSession.createDataset(lines, spark._jvm.org.apache.spark.sql.Encoders.STRING())
    return DataFrame(strings.toDF(), spark).select(F.explode(F.split("value", ",")).alias("hex")).select(F.unhex("hex").alias("key"))
