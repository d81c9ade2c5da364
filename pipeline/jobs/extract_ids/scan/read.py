"""Files as DataFrames: files that are read alike form one scan."""
from dataclasses import dataclass, replace

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ...common.errors import ConfigurationError
from ...common.read.paths import EVERY_ROW_GROUP, frame_of
from ..plan.columns import NOTHING, family_of
from .types import read_type

OPTIONS = {
    "parquet.page.verify-checksum.enabled": "true",
    **EVERY_ROW_GROUP,
    # Unknown writers are not refused for a fault that parquet-java had before 1.8 (PARQUET-246).
    # Its reader then carries the last value of a page on, which changes nothing in sound files.
    "parquet.split.files": "false",
    "mergeSchema": "false",
}


@dataclass(frozen=True)
class Shape:
    """What makes files be read alike. Columns are None if they hold nothing but nulls."""
    key: object
    id: object
    vectorised: bool


def groups_of(files, with_ids=True):
    """{Shape: [files]}, in the order of the files."""
    groups = {}
    for file in files:
        groups.setdefault(Shape(_relevant(file.key, "key"), _relevant(file.id, "id") if with_ids else None, file.vectorised),
                          []).append(file)
    return groups


def _relevant(column, role):
    """A column without what differs between files that are read alike: its place and whether it
    is optional.
    """
    return None if column is None or family_of(column, role).kind == NOTHING else replace(column, index=0, definition=0)


def scan(spark, row_session, shape, files):
    """The stored key and id of every row, as columns `key` and `id`. Only these columns are read."""
    columns = {column.path[0]: column for column in (shape.key, shape.id) if column is not None}
    schema = T.StructType([T.StructField(name, read_type(column)) for name, column in columns.items()])
    session = spark if shape.vectorised else row_session()

    def read(uris, options):
        return session.read.schema(schema).options(**OPTIONS, **options).parquet(*uris)

    frame = frame_of([file.file.uri for file in files], read)
    _check_complete(frame, files)
    return frame.select(_named(shape.key).alias("key"), _named(shape.id).alias("id"))


def _named(column):
    return F.lit(None).cast("string") if column is None else F.col("`" + column.path[0].replace("`", "``") + "`")


def _check_complete(frame, files):
    """Spark skips some names (`x._COPYING_`) that are data here. Their rows must not be lost silently."""
    count = frame._jdf.inputFiles()
    if len(count) != len(files):
        hidden = next((file.name for file in files if file.name.endswith("._COPYING_")), files[0].name)
        raise ConfigurationError(f"Spark reads {len(count)} of {len(files)} files and skips for example {hidden}; rename it, or use "
                                 f"idextractor extract", file=hidden)
