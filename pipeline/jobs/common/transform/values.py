"""Conversion rules: a value of any type as text, bigint, double, timestamp or date.

Two steps, both Spark column expressions:

    cleaned = clean(column, type)            null where the value is missing: null, NaN, empty text
    value   = convert(cleaned, type, to)     null where the value is missing or bad
    bad     = cleaned.isNotNull() & value.isNull()

A value that is present and cannot be converted is bad. It never becomes null without a trace.
"""
import decimal
import functools
import operator

from pyspark.sql import functions as F
from pyspark.sql import types as T

from .targets import BIGINT, DATE, DOUBLE, STRING, TIMESTAMP

BLANKS = " \t\r\n"
INTEGERS = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)
FLOATS = (T.FloatType, T.DoubleType)
TIMESTAMPS = (T.TimestampType, T.TimestampNTZType)
# Types of keys of maps that Spark's JSON has as numbers or as names of Java objects, such as [B@4b04fd92.
ODD_KEYS = (T.BinaryType, T.DateType, T.ArrayType, T.MapType, T.StructType, *TIMESTAMPS)
# Every whole number up to here is a double of its own.
EXACT_DOUBLES = 2 ** 53

# \z is the very end. Java's $ also matches before a line separator at the end.
INTEGER_TEXT = r"^[+-]?[0-9]{1,18}\z"
NUMBER_TEXT = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z"
# Spark's dates and timestamps begin with the year 1.
_YEAR = "(?!0000)[0-9]{4}"
_DATE = f"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_OFFSET = r"(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9]|[+-]18:00)"
DATE_TEXT = rf"^{_DATE}\z"
ISO_TEXT = rf"^{_DATE}[T ]{_TIME}(\.[0-9]{{1,9}})?{_OFFSET}?\z"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Wed, 29 Oct 2025 11:00:00 GMT. The name of the day has to be one, but is not compared with the date.
HTTP_TEXT = rf"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (0[1-9]|[12][0-9]|3[01]) ({'|'.join(MONTHS)}) {_YEAR} {_TIME}( GMT)?\z"

# Spark's own formats of timestamps in JSON end at milliseconds.
MICROSECONDS = {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS][XXX]", "timestampNTZFormat": "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]"}


def clean(column, kind):
    """The column without values that count as none: text is trimmed, empty text and NaN become null."""
    if isinstance(kind, T.StringType):
        trimmed = F.btrim(column, F.lit(BLANKS))
        return F.when(trimmed != "", trimmed)
    if isinstance(kind, FLOATS):
        return F.when(~F.isnan(column), column)
    return column


def convert(cleaned, kind, to):
    """The value of a cleaned column of this Spark type, or null where it is bad."""
    return _CONVERSIONS[to](cleaned, kind)


def as_text(column, kind):
    """Any value as text, for columns that the table does not define.

    Null only where the value is missing.
    """
    cleaned = clean(column, kind)
    if isinstance(kind, T.BinaryType):
        encoded = _base64(cleaned)
        return F.when(encoded != "", encoded)
    if isinstance(kind, (T.ArrayType, T.MapType, T.StructType)):
        return as_json(cleaned, kind)
    return to_string(cleaned, kind)


def as_json(column, kind, **options):
    """JSON of arrays, maps and structs. Timestamps have three digits, as Spark writes them, or six where one of the value needs them."""
    column, kind = with_text_keys(column, kind)
    short = F.to_json(column, options)
    return F.when(_is_finer(column, kind), F.to_json(column, {**MICROSECONDS, **options})).otherwise(short) if _has_times(kind) else short


def record_and_raw(column, kind):
    """(JSON of a record, what tells apart records of equal JSON): '' but where text is not UTF-8, which JSON has as U+FFFD."""
    options = {"ignoreNullFields": "false"}
    record, stored = as_json(column, kind, **options), _bytes_for_text(kind)
    return record, F.when(record.contains("\ufffd"), as_json(column.cast(stored), stored, **options)).otherwise("")


def _bytes_for_text(kind):
    return _rebuilt(kind, lambda leaf: T.BinaryType() if isinstance(leaf, T.StringType) else leaf, _bytes_for_text)


def _rebuilt(kind, leaf, key):
    """A type with leaf(type) for each of its leaves and key(type) for each type of keys of maps."""
    def inner(one):
        return _rebuilt(one, leaf, key)
    if isinstance(kind, T.StructType):
        return T.StructType([T.StructField(field.name, inner(field.dataType), field.nullable) for field in kind.fields])
    if isinstance(kind, T.ArrayType):
        return T.ArrayType(inner(kind.elementType), kind.containsNull)
    if isinstance(kind, T.MapType):
        return T.MapType(key(kind.keyType), inner(kind.valueType), kind.valueContainsNull)
    return leaf(kind)


def with_text_keys(column, kind):
    """(column, type) in which keys of maps are text where Spark would write their Java objects, or times as numbers."""
    if not _has_odd_keys(kind):
        return column, kind
    if isinstance(kind, T.ArrayType):
        return F.transform(column, lambda item: with_text_keys(item, kind.elementType)[0]), _type_with_text_keys(kind)
    if isinstance(kind, T.MapType):
        values = F.transform_values(column, lambda _, value: with_text_keys(value, kind.valueType)[0])
        keyed = F.transform_keys(values, lambda key, _: _key_text(key, kind.keyType)) if isinstance(kind.keyType, ODD_KEYS) else values
        return keyed, _type_with_text_keys(kind)
    fields = [with_text_keys(column.getField(field.name), field.dataType)[0].alias(field.name) for field in kind.fields]
    return F.when(column.isNotNull(), F.struct(*fields)), _type_with_text_keys(kind)


def _key_text(key, kind):
    if isinstance(kind, T.BinaryType):
        return _base64(key)
    return as_json(key, kind) if isinstance(kind, (T.ArrayType, T.MapType, T.StructType)) else key.cast("string")


def _base64(column):
    """In one line: some releases of Spark break it."""
    return F.translate(F.base64(column), "\r\n", "")


def _has_odd_keys(kind):
    if isinstance(kind, T.StructType):
        return any(_has_odd_keys(field.dataType) for field in kind.fields)
    if isinstance(kind, T.MapType):
        return isinstance(kind.keyType, ODD_KEYS) or _has_odd_keys(kind.valueType)
    return isinstance(kind, T.ArrayType) and _has_odd_keys(kind.elementType)


def _type_with_text_keys(kind):
    return _rebuilt(kind, lambda leaf: leaf, lambda key: T.StringType() if isinstance(key, ODD_KEYS) else key)


def _has_times(kind):
    if isinstance(kind, T.StructType):
        return any(_has_times(field.dataType) for field in kind.fields)
    if isinstance(kind, (T.ArrayType, T.MapType)):
        return _has_times(_item_type(kind))
    return isinstance(kind, TIMESTAMPS)


def _is_finer(column, kind):
    """Whether a timestamp in a value of a type that has some is not a whole number of milliseconds."""
    if isinstance(kind, T.StructType):
        fields = [field for field in kind.fields if _has_times(field.dataType)]
        return functools.reduce(operator.or_, [_is_finer(column.getField(field.name), field.dataType) for field in fields])
    if isinstance(kind, (T.ArrayType, T.MapType)):
        items = F.map_values(column) if isinstance(kind, T.MapType) else column
        return F.exists(items, lambda item: _is_finer(item, _item_type(kind)))
    return F.unix_micros(column.cast("timestamp")) % 1000 != 0


def _item_type(kind):
    """Of a map, the type of its values: Spark writes times in keys as numbers."""
    return kind.valueType if isinstance(kind, T.MapType) else kind.elementType


def to_string(value, kind):
    if isinstance(kind, T.StringType):
        return value
    if isinstance(kind, FLOATS):
        return F.when(_is_whole(value), _whole_text(value.cast("double"))).otherwise(value.cast("string"))
    if isinstance(kind, (T.BooleanType, T.DecimalType, T.DateType, *INTEGERS, *TIMESTAMPS)):
        return value.cast("string")
    return _never(value, "string")


def to_bigint(value, kind):
    if isinstance(kind, INTEGERS):
        return value.cast("bigint")
    if isinstance(kind, FLOATS):
        return F.when(_is_whole(value) & (F.abs(value.cast("double")) <= F.lit(float(EXACT_DOUBLES))), value.cast("bigint"))
    if isinstance(kind, T.DecimalType):
        whole = value == F.floor(value)
        if kind.precision - kind.scale > 18:  # with fewer digits all are inside, and Spark compares with null where it cannot widen
            whole = whole & (value >= F.lit(decimal.Decimal(-2 ** 63))) & (value <= F.lit(decimal.Decimal(2 ** 63 - 1)))
        return F.when(whole, value.cast("bigint"))
    if isinstance(kind, T.StringType):
        return F.when(value.rlike(INTEGER_TEXT), value.cast("bigint"))
    return _never(value, "bigint")


def to_double(value, kind):
    if isinstance(kind, (T.DecimalType, *INTEGERS)):
        return value.cast("double")
    if isinstance(kind, FLOATS):
        return _finite(value.cast("double"))
    if isinstance(kind, T.StringType):
        return F.when(value.rlike(NUMBER_TEXT), _finite(value.cast("double")))
    return _never(value, "double")


def to_timestamp(value, kind):
    if isinstance(kind, TIMESTAMPS):
        return value.cast("timestamp")
    if isinstance(kind, T.StringType):
        month = F.element_at(F.create_map(*[F.lit(part) for pair in _month_numbers() for part in pair]), value.substr(9, 3))
        iso = F.concat(value.substr(13, 4), F.lit("-"), month, F.lit("-"), value.substr(6, 2), F.lit("T"), value.substr(18, 8), F.lit("Z"))
        return F.when(value.rlike(ISO_TEXT), value.cast("timestamp")).when(value.rlike(HTTP_TEXT), iso.cast("timestamp"))
    return _never(value, "timestamp")


def to_date(value, kind):
    if isinstance(kind, (T.DateType, *TIMESTAMPS)):
        return value.cast("date")
    if isinstance(kind, T.StringType):
        return F.when(value.rlike(DATE_TEXT), value.cast("date"))
    return _never(value, "date")


_CONVERSIONS = {STRING: to_string, BIGINT: to_bigint, DOUBLE: to_double, TIMESTAMP: to_timestamp, DATE: to_date}


def _never(value, to):
    return F.lit(None).cast(to)


def _finite(value):
    """Infinities are bad. Minus zero becomes zero: the two are equal, so neither may win over the other."""
    return F.when(F.abs(value) < F.lit(float("inf")), F.when(value == 0.0, F.lit(0.0)).otherwise(value))


def _is_whole(value):
    number = value.cast("double")
    return (F.abs(number) < F.lit(float("inf"))) & (number % F.lit(1.0) == F.lit(0.0))


def _whole_text(number):
    """A whole double without decimal point or exponent: 12.0 -> 12, 1.0E23 -> 99999999999999991611392.

    From 2**115 on, the shortest digits of the double, padded with zeros: Spark has no type for the exact number.
    """
    unit = F.lit(float(EXACT_DOUBLES))
    high = F.floor(number / unit)  # exact, as all of these steps are: a double has 53 bits
    exact = high.cast("decimal(20,0)") * F.lit(EXACT_DOUBLES).cast("decimal(16,0)") + (number - high.cast("double") * unit).cast("decimal(16,0)")
    return (F.when(F.abs(number) < F.lit(9e18), number.cast("bigint").cast("string"))
            .when(F.abs(number) < F.lit(2.0 ** 115), exact.cast("string"))
            .otherwise(F.format_string("%.0f", number)))


def _month_numbers():
    return [(name, f"{number:02d}") for number, name in enumerate(MONTHS, 1)]
