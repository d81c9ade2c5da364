"""The uploaded files: what they are, what their columns are called, and whose files in the table
are theirs.
"""
import codecs
import csv
import hashlib
import io
import re
import zlib
from dataclasses import dataclass, replace

from ..common.errors import InputError
from .columns import NAMES, PART_DIGITS, REQUIRED

PARQUET, CSV, CSV_GZ = ".parquet", ".csv", ".csv.gz"
HEADER_BYTES = 1 << 20
FIRST_BYTES = 64 << 10


@dataclass(frozen=True)
class Header:
    """The fields of a file: names as the file spells them, the place of each column of the table, and for CSV what ends the line."""
    names: tuple
    known: tuple
    line_end: str = ""

    @property
    def ignored(self):
        places = set(self.places.values())
        return [name for place, name in enumerate(self.names) if place not in places]

    @property
    def places(self):
        """{column of the table: place of the field}"""
        return dict(self.known)


def kind_of(file):
    """The type of a file by its name.

    :raises InputError: it is not one of those that are accepted
    """
    name = file.path.rpartition("/")[2].lower()
    for kind in (PARQUET, CSV, CSV_GZ):
        if name.endswith(kind):
            if kind == CSV_GZ and not file.path.endswith(".gz"):
                raise InputError(f"{file.name} is gzipped, but Hadoop knows .gz in lower case only; rename it", file=file.name)
            return kind
    raise InputError(f"{file.name} is neither .parquet, .csv nor .csv.gz; convert or move it", file=file.name)


def match(names, file):
    """The Header of a file with these fields.

    :raises InputError: two fields could be one column, or the pickup or dropoff is missing
    """
    known = {}
    lower = {name.lower(): name for name in NAMES}
    for place, name in enumerate(names):
        column = lower.get(name.lower())
        if column is None:
            continue
        if column in known:
            raise InputError(f"{file.name}: the fields {names[known[column]]} and {name} are both {column}; rename one of them",
                             file=file.name, column=column)
        known[column] = place
    for column in REQUIRED:
        if column not in known:
            raise InputError(f"{file.name} has no column {column}; without it a trip has no place in the table", file=file.name,
                             column=column)
    return Header(tuple(names), tuple(sorted(known.items())))


def csv_header(run, file):
    """The Header of a CSV file.

    :raises InputError: there is none, it is not UTF-8, it misses a column, or the file is a damaged gzip file
    """
    for length in (FIRST_BYTES, HEADER_BYTES):
        text = _first_text(run, file, length)
        names, header = _first_record(text)
        if names and (header.endswith("\n") or len(header) < len(text)):
            break
    if not names:
        raise InputError(f"{file.name} has no header", file=file.name)
    return replace(match([name.strip(" \t") for name in names], file), line_end=_line_end(header, file))


def _first_record(text):
    """The fields of the first record, and its text with the line end. No fields if it is not whole, or not sound."""
    stream = io.StringIO(text, newline="")
    try:
        names = next(csv.reader(stream, strict=True), None)
    except csv.Error:
        names = None
    return names, text[:stream.tell()]


def _line_end(header, file):
    """What ends the line of a header, "" if it is the whole file. CR LF counts as LF.

    :raises InputError: lines end in CR, and a quoted name has another line end: Spark's parser would take that for the end of lines
    """
    if not header.endswith("\r"):
        return "\n" if header.endswith("\n") else ""
    if re.search("\r\n|\r|\n", header).group() != "\r":
        raise InputError(f"{file.name} has lines that end in CR alone, and a name with another line end in its header. Write the file again "
                         "with lines that end in LF or CR LF", file=file.name)
    return "\r"


def _first_text(run, file, length):
    data = run.stores.read(file, 0, min(file.size, length))
    if file.path.endswith(".gz"):
        try:
            data = zlib.decompressobj(31).decompress(data, HEADER_BYTES)
        except zlib.error:
            raise InputError(f"{file.name} is not a gzip file, or damaged", file=file.name) from None
    try:
        # A character that is cut at the end is not in the header.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is not UTF-8", file=file.name) from None


def path_of(file):
    """The path of a source, the same whether the file is named itself or the folder above it:
    s3://bucket/key, or /absolute/path.
    """
    return file.place.uri if file.place.is_s3 else file.place.path


def part_of(file):
    """The digits in the names of the files that this source owns."""
    return hashlib.sha256(path_of(file).encode("utf-8", "surrogateescape")).hexdigest()[:PART_DIGITS]
