"""Trip records as rows of the table, each with the reason why it is not one, if so. Pure
functions of DataFrames.
"""
import datetime

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..common.read.frames import FILE_COLUMN
from ..common.transform.values import clean, convert, record_and_raw
from ..parquet.spark_types import quoted
from .columns import COLUMNS, DROPOFF, KEYS, PART, PICKUP, RANGES

REASON, SOURCE_FILE, RECORD, RAW = "__reason", "__source_file", "__record", "__raw"
FIRST_PICKUP = datetime.datetime(2009, 1, 1, tzinfo=datetime.timezone.utc)
AHEAD = datetime.timedelta(hours=24)


def classify(frame, places, started, part, source_file):
    """The table's columns, the partition, PART, REASON (null for a valid record), SOURCE_FILE,
    and for bad records RECORD and RAW.

    :param frame: records; their fields come first
    :param places: {column of the table: name of the field in the frame}
    :param started: start of the run, aware
    :param part: column with the digits of the record's source
    :param source_file: column with the path of the record's file
    """
    fields = [field for field in frame.schema.fields if field.name != FILE_COLUMN]
    columns = [F.col(quoted(field.name)) for field in fields]
    types = {field.name: field.dataType for field in frame.schema.fields}
    raw = [clean(F.col(quoted(places[name])), types[places[name]]).alias(_raw(name)) for name, _ in COLUMNS if name in places]
    values = [(convert(F.col(_raw(name)), types[places[name]], to) if name in places else F.lit(None).cast(to)).alias(_value(name))
              for name, to in COLUMNS]
    # Three steps, so that each expression is evaluated once: cleaned values, converted values, reasons. The fields are in a struct, as they
    # may have any name.
    converted = frame.select(F.struct(*columns).alias(RECORD), part.alias(PART), source_file.alias(SOURCE_FILE), *raw).select("*", *values)
    judged = converted.select("*", _reason(places, started).alias(REASON))
    record, stored = record_and_raw(F.col(RECORD), T.StructType(fields))
    is_bad = F.col(REASON).isNotNull()
    month = [F.date_format(F.col(_value(PICKUP)), pattern).alias(name) for name, pattern in zip(KEYS, ("yyyy", "MM"))]
    return judged.select(*[F.col(_value(name)).alias(name) for name, _ in COLUMNS], *month, PART, REASON, SOURCE_FILE,
                         F.when(is_bad, record).alias(RECORD), F.when(is_bad, stored).alias(RAW))


def _reason(places, started):
    """The first reason that applies, in the contract's order."""
    def bad(name):
        return F.col(_raw(name)).isNotNull() & F.col(_value(name)).isNull()

    pickup, dropoff = F.col(_value(PICKUP)), F.col(_value(DROPOFF))
    cases = [("missing_timestamp", F.col(_raw(PICKUP)).isNull() | F.col(_raw(DROPOFF)).isNull()),
             ("bad_timestamp", bad(PICKUP) | bad(DROPOFF)),
             ("timestamp_out_of_range", (pickup < _literal(FIRST_PICKUP)) | (pickup > _literal(started + AHEAD))),
             ("dropoff_before_pickup", dropoff < pickup)]
    cases += [(f"bad_value:{name}", bad(name)) for name, _ in COLUMNS if name in places and name not in (PICKUP, DROPOFF)]
    cases += [(f"out_of_range:{name}", F.col(_value(name)) < 0) for name in RANGES]
    result = F.when(cases[0][1], cases[0][0])
    for reason, applies in cases[1:]:
        result = result.when(applies, reason)
    return result


def _literal(time):
    """A timestamp literal; F.lit would go through the machine's time zone."""
    return F.timestamp_micros(F.lit((time - datetime.datetime(1970, 1, 1,
                                                              tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)))


def _raw(name):
    return f"__raw_{name}"


def _value(name):
    return f"__value_{name}"
