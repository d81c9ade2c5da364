"""Rows that the touched partitions have already, as silver rows."""
import dataclasses

from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..common.errors import InputError
from ..common.publish.foreign import partition_files, refuse_foreign
from ..common.publish.publication import DATA_FILE
from ..common.read.frames import FILE_COLUMN, file_column, group, read_footers, read_group, relative_path
from ..common.transform.values import as_text, clean, convert
from ..parquet.spark_types import quoted, schema_of
from .columns import COLUMNS, EVENT_TIME, KEYS, NAMES
from .layout import by_bytes, same_column
from .transform import event_day

# Added columns are lower case, so that none has this name.
UNFIT = "__Unfit"


@dataclasses.dataclass(frozen=True)
class Existing:
    """The touched partitions before the run.

    parquets  their files with rows, with footers
    current   {path: DataFile} of the data.parquet that are to be replaced
    foreign   files of other writers, which are deleted once their rows are in the new file
    added     names of columns that the table does not know
    """

    parquets: tuple
    current: dict
    foreign: tuple
    added: frozenset

    @property
    def rows(self):
        return sum(parquet.footer.rows for parquet in self.parquets)

    @property
    def files(self):
        return [*self.current.values(), *self.foreign]


def look_at(run, target, folders, adopt):
    """What the partitions hold. Raises ConfigurationError for files of another writer, InputError for damaged ones."""
    current, foreign = {}, []
    for folder in sorted(folders):
        mine, others = partition_files(run, target, folder)
        refuse_foreign(target, folder, others, adopt)
        if mine is not None:
            current[f"{folder}/{DATA_FILE}"] = mine
        foreign += others
    parquets, bad = read_footers(run, [file for file in (*current.values(), *foreign) if file.size > 0])
    if bad:
        raise bad[0][1]
    parquets = tuple(parquet for parquet in parquets if parquet.footer.rows > 0)
    added = frozenset().union(*[_layout(parquet)[1] for parquet in parquets])
    return Existing(parquets, current, tuple(foreign), added)


def _layout(parquet):
    """({silver column: name in the file}, {added column: name in the file}) of a flat file."""
    ours = {name.lower(): name for name in NAMES}
    known, added = {}, {}
    for node in parquet.columns:
        lower = node.name.lower()
        if lower in KEYS:
            continue  # the folder says the same
        name, place = (ours[lower], known) if lower in ours else (lower, added)
        if name in place:
            file = parquet.file.name
            raise InputError(f"{file}: {same_column(place[name], node.name)}", file=file, column=node.name)
        place[name] = node.name
    return known, added


def names_of(parquet):
    """Names of the columns that are read."""
    known, added = _layout(parquet)
    return [*known.values(), *added.values()]


def rows_of(run, existing, target, added, key_columns):
    """[(frame, exact)] of all existing rows: silver's columns, the added ones, the event day, and UNFIT.

    UNFIT is true for a row that is not one of silver, such as one of another writer without a key or of another day. Rows that this job
    wrote itself (exact) are not asked.
    """
    return [_frame(run, target, nodes, vectorised, parquets, added, key_columns)
            for (nodes, vectorised), parquets in group(existing.parquets, names_of).items()]


def _frame(run, target, nodes, vectorised, parquets, added, key_columns):
    exact = _is_exact(nodes, parquets)
    frame = read_group(run, nodes, vectorised, parquets, with_file=not exact)
    known, others = _layout(parquets[0])
    types = {field.name: field.dataType for field in frame.schema.fields}
    values, unfit = [], F.lit(False)
    for column in COLUMNS:
        if column.name not in known:
            values.append(F.lit(None).cast(column.type).alias(column.name))
            continue
        source = F.col(quoted(known[column.name]))
        if exact:
            values.append(source.alias(column.name))
            continue
        cleaned = clean(source, types[known[column.name]])
        value = convert(cleaned, types[known[column.name]], column.type)
        values.append(value.alias(column.name))
        unfit = unfit | (cleaned.isNotNull() & value.isNull())
    texts = [(as_text(F.col(quoted(others[name])), types[others[name]]) if name in others else F.lit(None).cast("string")).alias(name)
             for name in by_bytes(added)]
    extra = [F.col(quoted(file_column(nodes))).alias(FILE_COLUMN)] if not exact else []
    chosen = frame.select(*values, *texts, unfit.alias(UNFIT), *extra)
    day = event_day(F.col(EVENT_TIME))
    if exact:
        return chosen.select(*_silver(added), *day, F.col(UNFIT)), True
    folder = F.concat_ws("/", *[F.concat(F.lit(f"{name}="), value) for name, value in zip(KEYS, day)])
    lost = F.col(EVENT_TIME).isNull() | ~relative_path(target, F.col(FILE_COLUMN)).startswith(F.concat(folder, F.lit("/")))
    for name in key_columns:
        lost = lost | F.col(quoted(name)).isNull()
    return chosen.select(*_silver(added), *day, (F.col(UNFIT) | lost).alias(UNFIT)), False


def _silver(added):
    return [F.col(quoted(name)) for name in (*NAMES, *by_bytes(added))]


def _is_exact(nodes, parquets):
    """Whether a group was written by this job: data.parquet files whose columns have silver's names and types."""
    if any(parquet.file.path.rpartition("/")[2] != DATA_FILE for parquet in parquets):
        return False
    found = {field.name: field.dataType.simpleString() for field in schema_of(nodes, parquets[0].file.name).fields}
    if list(found)[:len(NAMES)] != list(NAMES) or any(found[column.name] != column.type for column in COLUMNS):
        return False
    return all(kind == T.StringType().simpleString() and name == name.lower() for name, kind in list(found.items())[len(NAMES):])


def refuse_unfit(run, existing, target, added, key_columns):
    """Raises InputError that names the first file of another writer with rows that are not silver's."""
    for parquet in existing.parquets:
        single = Existing((parquet,), {}, (), frozenset())
        frame, exact = rows_of(run, single, target, added, key_columns)[0]
        count = 0 if exact else frame.where(F.col(UNFIT)).count()
        if count:
            raise InputError(f"{parquet.file.name}: {count} rows are not rows of this table (no key, no time, another day than the "
                             "folder's, or values of another type). Move the file, and load it as bronze", file=parquet.file.name)
