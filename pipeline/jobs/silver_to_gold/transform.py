"""Silver rows as gold groups. Pure functions of DataFrames."""
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .exact import limbs_of, mean_of, sums_of, too_large
from .months import INT_MAX, KEYS
from .source import ATIVO, IDADE, SALARIO

MEAN = "salario_medio"
ROWS, IGNORED, TOO_LARGE, NOT_INT = "__rows", "__ignored", "__too_large", "__not_int"
IS_LARGE = "__is_large"
SCHEMA = T.StructType([T.StructField(IDADE, T.IntegerType()), T.StructField(ATIVO, T.BooleanType()), T.StructField(MEAN, T.DoubleType())])
ORDER = (IDADE, ATIVO)


def month_rows(frame, names, month, *extra):
    """Rows of one month: idade as bigint, ativo, ano, mes, the limbs of salario, and whether it is ignored or too large.

    names  {idade, ativo, salario: name in the frame}
    extra  further columns to keep
    """
    salary, kind = _typed(frame, names[SALARIO])
    ignored = F.lit(False)
    if isinstance(kind, (T.FloatType, T.DoubleType)):
        salary, kind = salary.cast("double"), T.DoubleType()
        ignored = F.coalesce(F.isnan(salary) | (F.abs(salary) == F.lit(float("inf"))), F.lit(False))
    large = too_large(salary, kind) & ~ignored
    return frame.select(
        _typed(frame, names[IDADE])[0].cast("bigint").alias(IDADE), _typed(frame, names[ATIVO])[0].cast("boolean").alias(ATIVO),
        F.lit(month[0]).alias(KEYS[0]), F.lit(month[1]).alias(KEYS[1]),
        F.when(~ignored & ~large, salary).alias("__value"), ignored.alias("__is_ignored"), large.alias(IS_LARGE), *extra
    ).select(IDADE, ATIVO, *KEYS, *limbs_of(F.col("__value"), kind), "__is_ignored", IS_LARGE, *extra)


def _typed(frame, name):
    """(column, type) of a column. One that is declared to hold nothing but nulls may be stored as bytes."""
    kind = next(field.dataType for field in frame.schema.fields if field.name == name)
    if isinstance(kind, T.BinaryType):
        return F.lit(None).cast("double"), T.DoubleType()
    return F.col(f"`{name}`"), kind


def aggregate(rows):
    """One row per idade, ativo, ano, mes: the mean, and the counts that the run reports and checks."""
    idade = F.col(IDADE)
    summed = rows.groupBy(IDADE, ATIVO, *KEYS).agg(
        *sums_of(), F.count(F.lit(1)).alias(ROWS), F.count(F.when(F.col("__is_ignored"), 1)).alias(IGNORED),
        F.count(F.when(F.col(IS_LARGE), 1)).alias(TOO_LARGE))
    outside = F.coalesce((idade > INT_MAX) | (idade < -INT_MAX - 1), F.lit(False))
    return summed.select(idade.cast("int").alias(IDADE), ATIVO, mean_of().alias(MEAN), *KEYS, ROWS, IGNORED, TOO_LARGE,
                         outside.cast("int").alias(NOT_INT))
