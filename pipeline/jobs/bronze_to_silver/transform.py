"""Bronze records as silver rows, each with the reason why it is not one, if so. Pure functions of DataFrames."""
import datetime

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..parquet.spark_types import quoted
from ..common.transform.values import as_text, clean, convert, record_and_raw
from .columns import COLUMNS, EVENT_TIME, KEYS, READ

# Added columns are lower case, so that none has such a name.
REASON, SOURCE_FILE, RECORD, RAW = "__Reason", "__Source_file", "__Record", "__Raw"
FIRST_EVENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
AHEAD = datetime.timedelta(hours=24)
# (column, lowest value, highest value)
RANGES = (("currentMileage", 0, None), ("metrics_batteryChargePerc", 0, 100), ("metrics_fuelAvailableLiters", 0, None))


def classify(frame, fields, layout, added, key_columns, started, source_file):
    """Silver's columns, the added ones, the event day, REASON (null for a valid record), SOURCE_FILE, and for bad records RECORD and RAW.

    frame        bronze records of one schema
    fields       those of the frame that are the record's
    layout       the Layout of that schema
    added        names of all added columns of the batch, in their order
    source_file  column: the path of the record's file
    """
    # Fields may have any name, those below too: they go by their places.
    places = {field.name: f"__field_{place}" for place, field in enumerate(fields)}
    bronze = [F.col(quoted(name)).alias(place) for name, place in places.items()]
    raw, values = [], []
    for column in READ:
        if column.name in layout.known:
            field = layout.known[column.name]
            raw.append(clean(_at(places, field), field.type).alias(_raw(column.name)))
            values.append(convert(F.col(_raw(column.name)), field.type, column.type).alias(_value(column.name)))
        else:
            values.append(F.lit(None).cast(column.type).alias(_value(column.name)))
    for index, (_, field) in enumerate(layout.broken):
        raw.append(clean(_at(places, field), field.type).alias(_raw(str(index))))

    # Three steps, so that each expression is evaluated once: cleaned values, converted values, reasons.
    cleaned = frame.select(*bronze, source_file.alias(SOURCE_FILE)).select("*", *raw)
    converted = cleaned.select("*", *values)
    reason = _reason(layout, key_columns, started)
    judged = converted.select("*", reason.alias(REASON))
    fields_of_record = F.struct(*[F.col(place).alias(name) for name, place in places.items()])
    record, raw = record_and_raw(fields_of_record, T.StructType(fields))
    is_bad = F.col(REASON).isNotNull()
    return judged.select(
        *[_silver(column).alias(column.name) for column in COLUMNS],
        *[_added(places, layout, name).alias(name) for name in added],
        *event_day(F.col(_value(EVENT_TIME))),
        F.col(REASON), F.col(SOURCE_FILE), F.when(is_bad, record).alias(RECORD), F.when(is_bad, raw).alias(RAW))


def _added(places, layout, name):
    field = layout.added.get(name)
    return F.lit(None).cast("string") if field is None else as_text(_at(places, field), field.type)


def event_day(time):
    """The partition of an event: text, padded, in UTC."""
    return [F.date_format(time, pattern).alias(name) for name, pattern in zip(KEYS, ("yyyy", "MM", "dd"))]


def _silver(column):
    value = F.col(_value(column.name)) if column.path else None
    if column.name == "Manufacturer":
        return title_case(value)
    if column.name == "color":
        return F.lower(value)
    if column.name == "metrics_fuel_level_percentage":
        return _quotient("metrics_fuelAvailableLiters", "fuelCapacityLiters", 100.0)
    if column.name == "metrics_trip_km_per_liter":
        return _quotient("metrics_trip_tripMileage", "metrics_trip_tripFuelLiters")
    return value


def title_case(text):
    """First letters upper case, the rest lower case; only a blank ends a word: MERCEDES-BENZ ag -> Mercedes-benz Ag."""
    words = F.transform(F.split(text, " "), lambda word: F.concat(F.upper(word.substr(1, 1)), F.lower(F.substring(word, 2, 1 << 30))))
    return F.array_join(words, " ")


def _quotient(above, below, factor=None):
    """above / below, rounded half up to 2 decimals; null unless below > 0."""
    quotient = F.col(_value(above)) / F.col(_value(below))
    return F.when(F.col(_value(below)) > 0, F.round(quotient if factor is None else quotient * F.lit(factor), 2))


def _reason(layout, key_columns, started):
    """The first reason that applies, in the contract's order; null for a valid record."""
    def missing(name):
        return F.col(_raw(name)).isNull() if name in layout.known else F.lit(True)

    def bad(name):
        return F.col(_raw(name)).isNotNull() & F.col(_value(name)).isNull() if name in layout.known else F.lit(False)

    time = F.col(_value(EVENT_TIME))
    cases = [("missing_key", missing(name) if name in _READ_NAMES else _derived(name).isNull()) for name in key_columns]
    cases += [("bad_timestamp", bad(EVENT_TIME)), ("missing_timestamp", missing(EVENT_TIME)),
              ("timestamp_out_of_range", (time < _literal(FIRST_EVENT)) | (time > _literal(started + AHEAD)))]
    cases += [(f"bad_value:{column.name}", bad(column.name))
              for column in READ if column.name in layout.known and column.name != EVENT_TIME]
    cases += [(f"bad_value:{name}", F.col(_raw(str(index))).isNotNull()) for index, (name, _) in enumerate(layout.broken)]
    for name, low, high in RANGES:
        value = F.col(_value(name))
        outside = value < low if high is None else (value < low) | (value > high)
        cases.append((f"out_of_range:{name}", outside))
    result = None
    for reason, applies in cases:
        result = F.when(applies, reason) if result is None else result.when(applies, reason)
    return result


_READ_NAMES = {column.name for column in READ}


def _derived(name):
    return _silver(next(column for column in COLUMNS if column.name == name))


def _literal(time):
    """A timestamp literal; F.lit would go through the machine's time zone."""
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return F.timestamp_micros(F.lit((time - epoch) // datetime.timedelta(microseconds=1)))


def _at(places, field):
    column = F.col(places[field.path[0]])
    for part in field.path[1:]:
        column = column.getField(part)
    return column


def _raw(name):
    return f"__raw_{name}"


def _value(name):
    return f"__value_{name}"
