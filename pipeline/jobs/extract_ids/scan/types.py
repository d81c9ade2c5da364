"""How columns are read and how their values compare and print.

Columns are read as they are stored: INT32 and INT64 as numbers, byte arrays as bytes, decimals in
byte arrays as DECIMAL(38, scale), or as bytes where Spark would misread them. What the values mean is
applied afterwards, so little depends on which annotations Spark understands. Unsigned numbers are
the exception: only as LONG and DECIMAL(20, 0) does the vectorised
reader decode their dictionaries.
"""
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ...parquet.decimals import is_misread, unscaled

BYTES, LONG, WIDE = "bytes", "long", "wide"
WIDE_DIGITS = 38
_KEY_TYPES = {BYTES: T.BinaryType(), LONG: T.LongType(), WIDE: T.DecimalType(WIDE_DIGITS, 0)}


def read_type(column):
    """The Spark type that a column is read as."""
    if column.physical == "INT32":
        return T.LongType() if is_unsigned(column) and column.logical.bits == 32 else T.IntegerType()
    if column.physical == "INT64":
        return T.DecimalType(20, 0) if is_unsigned(column) else T.LongType()
    if column.logical.kind == "DECIMAL" and not is_misread(column):
        return T.DecimalType(WIDE_DIGITS, column.logical.scale)
    return T.BinaryType()


def is_unsigned(column):
    return column.logical.kind == "INTEGER" and not column.logical.signed


def key_form(column):
    """What values of a key column compare as: BYTES, LONG (64-bit numbers) or WIDE (38 digits)."""
    if column.physical == "INT32" or (column.physical == "INT64" and not is_unsigned(column)):
        return LONG
    return WIDE if column.physical == "INT64" or column.logical.kind == "DECIMAL" else BYTES


def key_value(value, column):
    """The key of a stored value, in the type of `key_form`."""
    return value if key_form(column) == BYTES else _number(value, column).cast(_KEY_TYPES[key_form(column)])


def keys_in_form(keys, form):
    """A column `key` of distinct keys as bytes, in another form. Keys that are not digits equal
    no number; larger ones neither.
    """
    if form == BYTES:
        return keys
    text = F.col("key").cast("string")
    digits = F.regexp_replace(text, "^0+(?=[0-9])", "")
    number = F.when(text.rlike("^[0-9]+\\z") & (F.length(digits) <= WIDE_DIGITS), digits).cast(_KEY_TYPES[WIDE])
    numbers = keys.select(number.alias("key")).where(F.col("key").isNotNull())
    if form == LONG:
        limit = F.lit(str(1 << 63)).cast(_KEY_TYPES[WIDE])
        numbers = numbers.where(F.col("key") < limit).select(F.col("key").cast(_KEY_TYPES[LONG]).alias("key"))
    return numbers


def text_of(value, column):
    """The text of a stored value: bytes as they are, integers in plain decimal, DECIMAL with
    exactly its scale, UUIDs as usual. Null stays null.
    """
    if column.logical.kind == "UUID":
        digits = F.lower(F.hex(value))
        return F.when(value.isNotNull(), F.concat_ws("-", *(F.substring(digits, start, length) for start,
                                                            length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))))
    if key_form(column) == BYTES:
        return value.cast("string")
    if column.logical.kind != "DECIMAL" or column.logical.scale == 0:
        return _number(value, column).cast("string")
    if column.physical in ("INT32", "INT64") or is_misread(column):
        return _with_point(_number(value, column).cast("string"), column.logical.scale)
    return _plain(value.cast("string"), column.logical.scale)


def _number(value, column):
    """A stored number as the one that it means. UINT_8 and UINT_16 are read as INT32, and
    their upper half as the engine does.
    """
    if is_unsigned(column) and column.physical == "INT32" and column.logical.bits < 32:
        return F.when(value < 0, value.cast("long") + F.lit(1 << 32)).otherwise(value.cast("long"))
    return unscaled(value) if is_misread(column) else value


def _with_point(text, scale):
    """Puts the point into the digits of an unscaled number of up to max(scale, 20) digits: -5
    with scale 2 is -0.05.
    """
    padded = F.lpad(F.regexp_replace(text, "-", ""), scale + 20, "0")
    whole = F.concat(F.regexp_replace(F.substring(padded, 1, 20), "^0+(?=[0-9])", ""), F.lit("."), F.substring(padded, 21, scale))
    return F.when(text.startswith("-"), F.concat(F.lit("-"), whole)).otherwise(whole)


def _plain(text, scale):
    """Spark prints small decimals with an exponent: 1.5E-9 with scale 10 is 0.0000000015. Their
    digits are the unscaled number.
    """
    unscaled = F.regexp_replace(F.substring_index(text, "E", 1), "[.]", "")
    return F.when(F.instr(text, "E") > 0, _with_point(unscaled, scale)).otherwise(text)
