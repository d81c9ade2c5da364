"""Silver rows as gold groups. Pure functions of DataFrames.

The mean is exact up to its last step: whole parts and fractions are summed in decimals, so neither order nor number of tasks has an effect,
and 10^10 rows of 10^20 do not overflow.
"""
import decimal

from pyspark.sql import functions as F
from pyspark.sql import types as T

from .months import INT_MAX, KEYS
from .source import ATIVO, IDADE, SALARIO

LIMIT = decimal.Decimal(10) ** 20
DECIMALS = 12
MEAN = "salario_medio"
ROWS, IGNORED, TOO_LARGE, NOT_INT = "__rows", "__ignored", "__too_large", "__not_int"
SCHEMA = T.StructType([T.StructField(IDADE, T.IntegerType()), T.StructField(ATIVO, T.BooleanType()), T.StructField(MEAN, T.DoubleType())])
ORDER = (IDADE, ATIVO)


def month_rows(frame, names, month, *extra):
    """Rows of one month with the group's columns: idade bigint, ativo, ano, mes, and what is summed.

    names  {idade, ativo, salario: name in the frame}
    extra  further columns to keep
    """
    types = {field.name: field.dataType for field in frame.schema.fields}
    salary, kind = F.col(f"`{names[SALARIO]}`"), types[names[SALARIO]]
    floating = isinstance(kind, (T.FloatType, T.DoubleType))
    ignored = (F.isnan(salary) | (F.abs(salary) == F.lit(float("inf")))) if floating else F.lit(False)
    ignored = F.coalesce(ignored, F.lit(False))
    number = salary.cast("double") if isinstance(kind, T.FloatType) else salary
    large = F.coalesce(F.abs(number) >= (F.lit(1e20) if floating else F.lit(LIMIT)), F.lit(False)) & ~ignored
    if not floating and not _may_be_large(kind):
        large = F.lit(False)
    value = F.when(~ignored & ~large, number).cast(T.DecimalType(38, DECIMALS))
    return frame.select(
        F.col(f"`{names[IDADE]}`").cast("bigint").alias(IDADE), F.col(f"`{names[ATIVO]}`").cast("boolean").alias(ATIVO),
        F.lit(month[0]).alias(KEYS[0]), F.lit(month[1]).alias(KEYS[1]),
        value.alias("__value"), ignored.alias("__is_ignored"), large.alias("__is_large"), *extra)


def _may_be_large(kind):
    return isinstance(kind, T.DecimalType) and kind.precision - kind.scale > 20


def aggregate(rows):
    """One row per idade, ativo, ano, mes: the mean, and the counts that the run reports and checks."""
    whole = F.floor("__value").cast(T.DecimalType(22, 0))
    fraction = (F.col("__value") - whole.cast(T.DecimalType(38, DECIMALS))).cast(T.DecimalType(14, DECIMALS))
    idade = F.col(IDADE)
    summed = rows.select(*KEYS, IDADE, ATIVO, whole.alias("__whole"), fraction.alias("__fraction"), "__is_ignored", "__is_large") \
        .groupBy(IDADE, ATIVO, *KEYS).agg(
            F.sum("__whole").alias("__whole"), F.sum("__fraction").alias("__fraction"), F.count("__whole").alias("__n"),
            F.count(F.lit(1)).alias(ROWS), F.count(F.when(F.col("__is_ignored"), 1)).alias(IGNORED),
            F.count(F.when(F.col("__is_large"), 1)).alias(TOO_LARGE))
    outside = (idade > INT_MAX) | (idade < -INT_MAX - 1)
    return summed.select(
        idade.cast("int").alias(IDADE), ATIVO, _mean().alias(MEAN), *KEYS,
        ROWS, IGNORED, TOO_LARGE, F.coalesce(outside, F.lit(False)).cast("int").alias(NOT_INT))


def _mean():
    """(W + F) / n for the sums of whole parts and fractions, both exact: W = q * n + r, so the mean is q + (r + F) / n with small r."""
    # Types are chosen so that no result exceeds 38 digits; Spark would cut decimals to make room.
    n = F.col("__n").cast(T.DecimalType(19, 0))
    remainder = F.pmod(F.col("__whole"), n).cast(T.DecimalType(19, 0))
    quotient = ((F.col("__whole") - remainder) / n).cast(T.DecimalType(20, 0))
    share = ((remainder + F.col("__fraction")) / n).cast(T.DecimalType(19, 18))
    return F.when(F.col("__n") > 0, (quotient + share).cast("double"))
