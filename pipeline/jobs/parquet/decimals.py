"""Decimals of at most 18 digits in more than 8 bytes.

Spark keeps such decimals in 64 bits. For DECIMAL(18, 2) in 9 bytes, it shifts by 64 - 8 * 9 bits to extend the sign, and gives another
number without an error: 12.34 becomes -0.46. So they are read as bytes, and their number is computed here.
"""
from pyspark.sql import functions as F

MAX_LONG_DIGITS = 18
_DIGITS = 16  # hexadecimal, of 64 bits


def is_misread(stored):
    """Whether Spark may give another number for a Node or a Column. BYTE_ARRAY has values of any length."""
    return (stored.logical.kind == "DECIMAL" and stored.logical.precision <= MAX_LONG_DIGITS
            and (stored.physical == "BYTE_ARRAY" or (stored.physical == "FIXED_LEN_BYTE_ARRAY" and stored.length > 8)))


def unscaled(column):
    """The number, a bigint, of a binary column of big-endian two's complement. One beyond 64 bits is an error."""
    digits = F.hex(column)
    is_negative = digits.substr(1, 1) >= F.lit("8")
    last = (F.when(F.length(digits) >= _DIGITS, F.substring(digits, -_DIGITS, _DIGITS))
            .when(is_negative, F.lpad(digits, _DIGITS, "F")).otherwise(F.lpad(digits, _DIGITS, "0")))
    fill = F.when(is_negative, F.regexp_replace(digits, "^F+", "")).otherwise(F.regexp_replace(digits, "^0+", ""))
    fits = (F.length(fill) <= _DIGITS) & ((last.substr(1, 1) >= F.lit("8")) == is_negative)
    too_long = F.raise_error(F.lit("a decimal has more digits than its type"))
    return F.when(fits, F.conv(last, 16, -10).cast("bigint")).when(column.isNotNull(), too_long)
