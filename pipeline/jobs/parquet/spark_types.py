"""Parquet schemas as Spark types, file by file.

Spark's own inference refuses UUID, TIME and nanoseconds; with an explicit schema it reads them as bytes and integers. `normalised` then
turns these into text and timestamps, so that transforms meet standard types only. Some decimals are read as bytes too (decimals.py).
"""
import decimal

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..common.errors import InputError
from .decimals import is_misread, unscaled

# Not narrower than they are stored: what a file has beyond its annotation would be cut off, 300 in INT_8 would be 44.
_UNSIGNED = {8: T.IntegerType(), 16: T.IntegerType(), 32: T.LongType(), 64: T.DecimalType(20, 0)}
_SIGNED = {8: T.IntegerType(), 16: T.IntegerType(), 32: T.IntegerType(), 64: T.LongType()}
# Fewest digits of decimals that Spark keeps in 64 bits, not in 32.
_OVER_INT = 10
_PLAIN = {"BOOLEAN": T.BooleanType(), "INT32": T.IntegerType(), "INT64": T.LongType(), "INT96": T.TimestampType(),
          "FLOAT": T.FloatType(), "DOUBLE": T.DoubleType(), "BYTE_ARRAY": T.BinaryType(), "FIXED_LEN_BYTE_ARRAY": T.BinaryType()}
_SPECIAL = ("UUID", "TIME")


def schema_of(nodes, file):
    """The schema to give to spark.read for these top-level columns of a file."""
    return T.StructType([T.StructField(node.name, _type(node, file, node.name), True) for node in nodes])


def normalised(frame, nodes):
    """The frame with UUID and TIME as text, nanoseconds as timestamps (truncated to microseconds), and decimals that Spark misreads."""
    if not any(_has_special(node) for node in nodes):
        return frame
    return frame.select(*[_normal(node, F.col(quoted(node.name))).alias(node.name) if _has_special(node) else F.col(quoted(node.name))
                          for node in nodes],
                        *[F.col(quoted(name)) for name in frame.columns[len(nodes):]])


def quoted(name):
    """A column name for F.col, whatever characters it has."""
    return "`" + name.replace("`", "``") + "`"


def _type(node, file, path):
    if node.repetition == 2:
        return T.ArrayType(_single(node, file, path), False)
    return _single(node, file, path)


def _single(node, file, path):
    """The type of one value, repetition aside."""
    if node.physical is not None:
        return _leaf(node, file, path)
    if node.logical.kind == "LIST" and len(node.children) == 1 and node.children[0].repetition == 2:
        element, optional = _element(node)
        return T.ArrayType(_single(element, file, path), optional)
    if node.logical.kind == "MAP" and _is_map(node):
        key, value = node.children[0].children
        return T.MapType(_single(key, file, path), _type(value, file, path), value.repetition == 1)
    return T.StructType([T.StructField(child.name, _type(child, file, f"{path}.{child.name}"), True) for child in node.children])


def _leaf(node, file, path):
    logical, physical = node.logical, node.physical
    if logical.kind == "INTEGER":
        return (_SIGNED if logical.signed else _UNSIGNED)[logical.bits]
    if logical.kind == "DECIMAL":
        if not 1 <= logical.precision <= 38 or not 0 <= logical.scale <= logical.precision:
            raise InputError(f"{file}: column {path} is {logical}; Spark reads decimals of up to 38 digits", file=file, column=path)
        if is_misread(node):
            return T.BinaryType()
        # Of DECIMAL(9, 2) in INT64 Spark would take the last 4 bytes.
        return T.DecimalType(max(logical.precision, _OVER_INT) if physical == "INT64" else logical.precision, logical.scale)
    if logical.kind == "DATE":
        return T.DateType()
    if logical.kind == "TIMESTAMP" and physical == "INT64" and logical.unit in ("MILLIS", "MICROS"):
        return T.TimestampType() if logical.utc else T.TimestampNTZType()
    if logical.kind in ("STRING", "ENUM", "JSON"):
        return T.StringType()
    if logical.kind == "INTERVAL":
        raise InputError(f"{file}: column {path} is {logical}, which Spark does not read", file=file, column=path)
    return _PLAIN[physical]


def _element(node):
    """(element, whether it may be null) of a list, by the format's rules for older writers."""
    repeated = node.children[0]
    if repeated.physical is not None or len(repeated.children) != 1 or repeated.name in ("array", node.name + "_tuple"):
        return repeated, False
    return repeated.children[0], repeated.children[0].repetition == 1


def _is_map(node):
    return (len(node.children) == 1 and node.children[0].repetition == 2 and node.children[0].physical is None
            and len(node.children[0].children) == 2)


def _has_special(node):
    logical = node.logical
    if node.physical is not None:
        return logical.kind in _SPECIAL or (logical.kind == "TIMESTAMP" and logical.unit == "NANOS") or is_misread(node)
    return any(_has_special(child) for child in node.children)


def _normal(node, column):
    if node.repetition == 2:
        return F.transform(column, lambda item: _normal_single(node, item))
    return _normal_single(node, column)


def _normal_single(node, column):
    if not _has_special(node):
        return column
    if node.physical is not None:
        return _normal_leaf(node, column)
    if node.logical.kind == "LIST" and len(node.children) == 1 and node.children[0].repetition == 2:
        element, _ = _element(node)
        return F.transform(column, lambda item: _normal_single(element, item))
    if node.logical.kind == "MAP" and _is_map(node):
        key, value = node.children[0].children
        return F.transform_values(F.transform_keys(column, lambda k, v: _normal_single(key, k)), lambda k, v: _normal(value, v))
    rebuilt = F.struct(*[_normal(child, column.getField(child.name)).alias(child.name) for child in node.children])
    return F.when(column.isNotNull(), rebuilt)


def _normal_leaf(node, column):
    if node.logical.kind == "UUID":
        text = F.lower(F.hex(column))
        parts = [text.substr(1, 8), text.substr(9, 4), text.substr(13, 4), text.substr(17, 4), text.substr(21, 12)]
        return F.when(column.isNotNull(), F.concat_ws("-", *parts))
    if node.logical.kind == "TIME":
        return _time_of_day(node.logical.unit, column.cast("bigint"))
    if is_misread(node):
        # Exact: 19 digits times a power of ten of at most 18.
        unit = F.lit(decimal.Decimal(1).scaleb(-node.logical.scale))
        return unscaled(column).cast("decimal(19,0)") * unit
    # Nanoseconds since 1970; floor, so that times before 1970 are truncated in the same direction.
    return F.timestamp_micros(_exact_quotient(column, 1000))


def _exact_quotient(column, divisor):
    """Floor of an integer division. In decimals: doubles lose digits above 2^53."""
    return F.floor((column - F.pmod(column, F.lit(divisor).cast("bigint"))).cast("decimal(20,0)") / F.lit(divisor)).cast("bigint")


def _time_of_day(unit, column):
    """HH:mm:ss, with the digits of the unit."""
    digits = {"MILLIS": 3, "MICROS": 6, "NANOS": 9}.get(unit, 6)
    per_second = 10 ** digits
    seconds = _exact_quotient(column, per_second)
    parts = [_exact_quotient(seconds, 3600), F.pmod(_exact_quotient(seconds, 60), F.lit(60).cast("bigint")),
             F.pmod(seconds, F.lit(60).cast("bigint")), F.pmod(column, F.lit(per_second).cast("bigint"))]
    return F.when(column.isNotNull(), F.format_string(f"%02d:%02d:%02d.%0{digits}d", *parts))
