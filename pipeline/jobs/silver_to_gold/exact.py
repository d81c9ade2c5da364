"""Exact sums of numbers below 10^20, rounded half up to 12 decimals, with 64-bit integers only.

A number is split into five limbs of at most 7 digits, each of which has the number's sign:

    1234567890123456.789  ->  12 * 10^14, 3456789 * 10^7, 123456 * 1, 789000 / 10^6, 0 / 10^12

Sums of limbs are exact and do not overflow below 9 * 10^11 rows, in whatever order they are added. They are put together once per group,
in decimals. Sums of DECIMAL(38,12) would be exact too, but overflow at a million rows of 10^20, and cost five times as much.
"""
import decimal

from pyspark.sql import functions as F
from pyspark.sql import types as T

LIMIT = decimal.Decimal(10) ** 20
LIMBS = ("__e14", "__e7", "__e0", "__m6", "__m12")
COUNT = "__values"
HIGH, MIDDLE, MICRO = 10 ** 14, 10 ** 7, 10 ** 6


def too_large(value, kind):
    """Whether a number is 10^20 or more; false for null."""
    if isinstance(kind, T.DoubleType):
        return F.coalesce(F.abs(value) >= F.lit(1e20), F.lit(False))
    if isinstance(kind, T.DecimalType) and kind.precision - kind.scale > 20:
        return F.coalesce(F.abs(value) >= F.lit(LIMIT), F.lit(False))
    return F.lit(False)


def limbs_of(value, kind):
    """The limbs of a column of doubles, integers or decimals; all are null where it is."""
    if isinstance(kind, T.DoubleType):
        return _of_double(value)
    if isinstance(kind, T.DecimalType):
        return _of_decimal(value)
    return _of_integer(value.cast("bigint"))


def _of_double(value):
    """Every step is exact: the remainder of doubles is, and a multiple of 10^14 below 10^20 has no more than 53 bits.

    10^14 is 5^14 * 2^14, and 5^14 has 33 bits.
    """
    size = F.abs(value)
    whole = size - size % F.lit(1.0)
    rest = whole % F.lit(float(HIGH))
    high = (whole - rest) / F.lit(float(HIGH))
    fraction = F.floor((size % F.lit(1.0)) * F.lit(1e12) + F.lit(0.5))
    return _signed(value, high.cast("bigint"), rest.cast("bigint"), fraction.cast("bigint"))


def _of_integer(value):
    """The remainder has the sign of the number, and so have all limbs."""
    rest = value % F.lit(HIGH)
    # An exact quotient below 10^5: a double has it without an error.
    high = ((value - rest) / F.lit(HIGH)).cast("bigint")
    return _aliases(high, _quotient(rest, MIDDLE), rest % F.lit(MIDDLE), _zero_if(value), _zero_if(value))


def _of_decimal(value):
    rounded = value.cast(T.DecimalType(38, 12))
    size = F.abs(rounded)
    whole = F.floor(size).cast(T.DecimalType(21, 0))
    rest = whole % F.lit(decimal.Decimal(HIGH))
    high = (whole - rest) / F.lit(decimal.Decimal(HIGH))
    fraction = (size % F.lit(decimal.Decimal(1))).cast(T.DecimalType(13, 12)) * F.lit(decimal.Decimal(10 ** 12))
    return _signed(rounded, high.cast("bigint"), rest.cast("bigint"), fraction.cast("bigint"))


def _signed(value, high, rest, fraction):
    """Limbs of the size of a number, with its sign."""
    sign = F.when(value < 0, F.lit(-1).cast("bigint")).otherwise(F.lit(1).cast("bigint"))
    limbs = (high, _quotient(rest, MIDDLE), rest % F.lit(MIDDLE), _quotient(fraction, MICRO), fraction % F.lit(MICRO))
    return _aliases(*[sign * limb for limb in limbs])


def _aliases(*limbs):
    return [limb.cast("bigint").alias(name) for limb, name in zip(limbs, LIMBS)]


def _quotient(value, divisor):
    """Of integers below 10^14, for which a double is exact."""
    return ((value - value % F.lit(divisor)) / F.lit(divisor)).cast("bigint")


def _zero_if(value):
    return F.when(value.isNotNull(), F.lit(0).cast("bigint"))


def sums_of():
    """Aggregates of the limbs, and of how many numbers there are."""
    return [*[F.sum(name).alias(name) for name in LIMBS], F.count(LIMBS[0]).alias(COUNT)]


def mean_of():
    """The mean of the summed limbs as a double, null without numbers.

    With W the sum of whole parts and F that of fractions in units of 10^-12: W = q * n + r, so the mean is q + (r * 10^12 + F) / n / 10^12.
    The types are chosen so that no result exceeds 38 digits; Spark would cut decimals to make room.
    """
    def limb(name):
        return F.col(name).cast(T.DecimalType(19, 0))

    def times(name, factor):
        return limb(name) * F.lit(decimal.Decimal(factor))

    n = limb(COUNT)
    whole = times("__e14", HIGH) + times("__e7", MIDDLE) + limb("__e0")
    fraction = times("__m6", MICRO) + limb("__m12")
    remainder = F.pmod(whole, n).cast(T.DecimalType(19, 0))
    quotient = ((whole - remainder) / n).cast(T.DecimalType(21, 0))
    share = ((remainder * F.lit(decimal.Decimal(10 ** 12)) + fraction) / n).cast(T.DecimalType(20, 6))
    mean = (quotient.cast(T.DecimalType(20, 0)) + share * F.lit(decimal.Decimal("1E-12"))).cast("double")
    # Numbers below 10^20 may round to it. A double of that size has no room for the share.
    mean = F.when(F.abs(quotient) >= F.lit(LIMIT), quotient.cast("double")).otherwise(mean)
    return F.when(F.col(COUNT) > 0, mean)
