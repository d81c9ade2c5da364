"""Staged files against what was computed, by their footers."""
from pyspark.sql import types as T

from ..errors import VerificationError
from ..read.frames import read_footers

_EXPECTED = {
    T.StringType: ("BYTE_ARRAY", "STRING"),
    T.LongType: ("INT64", "NONE"),
    T.IntegerType: ("INT32", "NONE"),
    T.DoubleType: ("DOUBLE", "NONE"),
    T.BooleanType: ("BOOLEAN", "NONE"),
    T.DateType: ("INT32", "DATE"),
    T.TimestampType: ("INT64", "TIMESTAMP"),
}


def verify(run, files, schema, rows, partitions):
    """{partition folder: (DataFile, rows)}. Raises VerificationError unless there is one file for each partition.

    schema      StructType of the files, without partition columns
    rows        rows that were computed in total
    partitions  folders that were computed
    """
    parquets, bad = read_footers(run, files)
    if bad:
        raise VerificationError(f"a staged file cannot be read: {bad[0][1].message}")
    found = {}
    for parquet in parquets:
        folder = parquet.file.folder
        if folder in found:
            raise VerificationError(f"partition {folder} was staged in more than one file; nothing was published")
        found[folder] = (parquet.file, parquet.footer.rows)
        _check_columns(parquet, schema, folder)
    if set(found) != set(partitions):
        missing, extra = sorted(set(partitions) - set(found)), sorted(set(found) - set(partitions))
        raise VerificationError(f"staged partitions are not those computed: {len(missing)} missing {missing[:3]}, "
                                f"{len(extra)} unexpected {extra[:3]}; nothing was published")
    total = sum(count for _, count in found.values())
    if total != rows:
        raise VerificationError(f"{total} rows were staged, {rows} were computed; nothing was published")
    return found


def _check_columns(parquet, schema, folder):
    expected = [(field.name, *_EXPECTED[type(field.dataType)]) for field in schema.fields]
    staged = [(column.name, column.physical, column.logical.kind) for column in parquet.footer.columns]
    if staged != expected:
        wrong = next((e for e, s in zip(expected, staged) if e != s), expected[-1] if len(staged) < len(expected) else staged[-1])
        raise VerificationError(f"partition {folder}: the staged columns are not those computed (column {wrong[0]}); nothing was published",
                                column=wrong[0])
    for column in parquet.footer.columns:
        if column.logical.kind == "TIMESTAMP" and (column.logical.unit != "MICROS" or not column.logical.utc):
            raise VerificationError(f"partition {folder}: column {column.name} was not staged in microseconds, UTC", column=column.name)
