"""Lists the chosen partition, pins its files and reads their footers. A partition without rows
is an error, or the one before it is used.
"""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ...common.errors import InputError, PartitionError
from ...parquet.footer import FooterError, is_vectorised, read_footer
from ..catalog.formats import ensure_plain, refuse_marks
from ..catalog.location import FOLDER_MARK
from ..catalog.names import has_hidden_part, refuse_name
from .columns import ID, KEY, NOTHING, Agreement, Family

FOOTER_THREADS = 16
MAX_DECIMAL_DIGITS = 38
# Reasons that need no attention.
HIDDEN, FOLDER, NO_ROWS = "hidden", "folder marker", "no rows"


@dataclass(frozen=True)
class PlannedFile:
    """One data file. `id` is None for Table A."""
    location: object
    file: object
    name: str
    rows: int
    key: object
    id: object
    vectorised: bool


@dataclass(frozen=True)
class Plan:
    """What a run reads of a table. `files` are those with rows; `pinned` are all whose footers
    decided the plan.
    """
    table: str
    candidate: object
    files: list
    pinned: list
    rows: int
    skipped: list
    key_family: Family
    id_family: Family = None


def plan_table(selection, key_column, id_column=None, use_previous=False, may_be_empty=False):
    """Plans one table.

    :param id_column: the published column; None for Table A
    :param use_previous: go back to earlier partitions while one has no rows
    :param may_be_empty: a table without partitions may have files and no rows; for Table A that is
        bad input, which the count of its keys reports
    :raises PartitionError: the partition, or every candidate, has no rows
    :raises InputError: a file is damaged, a column is missing or of a type that cannot be used
    """
    skipped = list(selection.skipped)
    for candidate in selection.candidates:
        ensure_plain(candidate.location, selection.location)
        data, ignored = list_data(candidate.location)
        skipped += ignored
        footers = _read_footers(candidate.location, data)
        if any(footer.rows for footer in footers) or (footers and may_be_empty and not selection.is_partitioned):
            return _plan(selection, candidate, data, footers, key_column, id_column, skipped)
        reason = "no rows" if footers else "no data files"
        if not selection.is_partitioned:
            raise PartitionError(f"{selection.table} is empty: {reason} in {candidate.location}; check that it has been written",
                                 file=str(candidate.location))
        if not use_previous:
            raise PartitionError(f"Partition '{candidate.source_partition}' of {selection.table} is empty: {reason} in "
                                 f"{candidate.location}; "
                                 "wait until it has been written, or use the one before it with --on-empty-partition previous",
                                 file=str(candidate.location))
        skipped.append((str(candidate.location), f"empty partition: {reason}"))
    raise PartitionError(f"No partition of {selection.table} has rows: {len(selection.candidates)} are empty; check that the table has "
                         f"been written")


def list_data(location):
    """(data files in order, [(where, reason)] of the others).

    :raises ConfigurationError: a log of a table format is among them, or the name of a data file cannot be used
    """
    data, skipped = [], []
    for file in location.files():
        refuse_marks(location, file.path)
        reason = (HIDDEN if has_hidden_part(file.path) else FOLDER if not file.path or file.path.endswith(("/", FOLDER_MARK))
                  else "0 bytes" if file.size == 0 else None)
        if reason:
            skipped.append((file.name, reason))
            continue
        refuse_name(str(location), file.path)
        data.append(file)
    return data, skipped


def _read_footers(location, files):
    """All footers, also if one is bad, so that of several bad files the first is always named."""
    def read(file):
        try:
            return read_footer(lambda offset, length: location.read(file, offset, length), file.size, file.name)
        except FooterError as error:
            return error
    with ThreadPoolExecutor(FOOTER_THREADS) as pool:
        found = list(pool.map(read, files))
    for one in found:
        if isinstance(one, FooterError):
            raise _input_error(one)
        for name, kind in one.newer_types.items():
            raise InputError(f"Spark 3.5 cannot read {one.file}, of which column '{name}' is {kind}, even without this column; write it again "
                             "without the column, or use idextractor extract", file=one.file, column=name)
    return found


def _input_error(error):
    place = f", column '{error.column}'" if error.column else ""
    return InputError(f"{error.problem}: {error.file}{place}; rewrite or remove the file", file=error.file, column=error.column)


def _plan(selection, candidate, data, footers, key_column, id_column, skipped):
    key, published = Agreement(key_column, KEY), Agreement(id_column, ID) if id_column else None
    planned = []
    for file, footer in zip(data, footers):
        columns = [key.resolve(footer)] + ([published.resolve(footer)] if published else [])
        if not footer.rows:
            skipped.append((footer.file, NO_ROWS))
            continue
        try:
            chunks = footer.chunks(columns)
        except FooterError as error:
            raise _input_error(error) from None
        for column, found in zip(columns, chunks):
            _refuse_unreadable(footer, column, found)
        planned.append(PlannedFile(candidate.location, file, footer.file, footer.rows, columns[0], columns[1] if published else None,
                                   _is_vectorised(columns, chunks)))
    return Plan(selection.table, candidate, planned, [(candidate.location, file) for file in data], sum(file.rows for file in planned),
                skipped,
                key.family or Family(NOTHING), published.family if published else None)


def _is_vectorised(columns, chunks):
    """As `is_vectorised`. Dictionaries of small decimals in INT64 are decoded for DECIMAL only,
    and these columns are read as plain numbers.
    """
    small = any(column.physical == "INT64" and column.logical.kind == "DECIMAL" and column.logical.precision <= 9 for column in columns)
    return not small and is_vectorised(columns, chunks)


def _refuse_unreadable(footer, column, chunks):
    """What the engine reads and Spark 3.5 does not. `differences.py` lists the same for the documents."""
    def refuse(found, advice):
        return InputError(f"Spark 3.5 cannot read {found} of column '{column.name}' of {footer.file}; {advice}, or use idextractor "
                          f"extract", file=footer.file, column=column.name)
    unknown = [codec for codec in chunks.codecs if codec in ("BROTLI", "LZO", "") or codec.startswith("codec ")]
    if unknown:
        raise refuse(f"the codec {unknown[0] or '(none)'}", "rewrite the file with SNAPPY or ZSTD")
    unknown = [encoding for encoding in chunks.encodings if encoding.startswith("encoding ")]
    if "BYTE_STREAM_SPLIT" in chunks.encodings:
        unknown.append("BYTE_STREAM_SPLIT")
    if unknown:
        raise refuse(f"the encoding {unknown[0]}", "rewrite the file without it")
    if column.logical.kind == "DECIMAL" and column.physical not in ("INT32", "INT64") and column.logical.precision > MAX_DECIMAL_DIGITS:
        raise refuse(f"{column.logical} of more than {MAX_DECIMAL_DIGITS} digits",
                     f"write it with at most {MAX_DECIMAL_DIGITS} digits or as text")


def changed_files(pins):
    """Names of the pinned files that are not what they were: [(location, file)] in, [name] out."""
    with ThreadPoolExecutor(FOOTER_THREADS) as pool:
        return [name for name in pool.map(lambda pin: pin[1].name if pin[0].has_changed(pin[1]) else None, pins) if name]
