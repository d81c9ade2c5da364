"""Table A as a list: a .csv or .txt file, gzipped or not.

The first record is a header if one of its fields is the key column's name (exactly, otherwise
case-insensitively). Its separator, one of , ; tab |, is then the list's; a first line `sep=;`,
as Excel writes it, names it too. Otherwise a first record of one field is already a value: one
value per line. Quotes follow RFC 4180. Records end at LF or CR LF, or at CR alone in a list whose
first record ends so. Empty lines are not records. Bytes need not be UTF-8. Messages give lines,
never values.
"""
import zlib

from ...common.errors import InputError
from ..catalog.names import folded

MAX_RECORD_BYTES = 1 << 20
SEPARATORS = b",;\t|"
_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_MARK = b"\xef\xbb\xbf"
_WORKBOOK = "save the sheet as CSV in UTF-8"
_SIGNATURES = (
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    (b"\x1f\x8b", "gzipped, but its name does not say so", "rename it to end with .gz, or unpack it"),
    (b"PK\x03\x04", "a zip archive, such as an Excel workbook (.xlsx)", _WORKBOOK),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls)", _WORKBOOK),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "unpack it, or compress it by gzip"),
    (b"\xfd7zXZ\0", "compressed by xz", "unpack it, or compress it by gzip"),
)
_LONGEST_SIGNATURE = 6


def is_list(reference):
    name = reference[:-3] if reference.lower().endswith(".gz") else reference
    return name.lower().endswith((".csv", ".txt"))


def decompress(pieces, name):
    """Yields the text of a gzip file, member by member.

    :raises InputError: it is damaged or cut
    """
    inflater, is_open = zlib.decompressobj(31), False
    try:
        for piece in pieces:
            while piece:
                is_open = True
                text = inflater.decompress(piece)
                if text:
                    yield text
                piece = inflater.unused_data
                if inflater.eof:
                    inflater, is_open = zlib.decompressobj(31), bool(piece)
        if is_open:
            raise zlib.error("cut")
    except zlib.error:
        raise InputError(f"The gzip file is damaged or cut: {name}; write the file again", file=name) from None


class ListParser:
    """Yields the values of the key column of a list that arrives in pieces."""

    def __init__(self, name, key_column):
        self.name, self.key_column = name, key_column
        self.layout = self._named = None  # layout: (separator, field, number of fields); separator that a line sep=; names

    def values(self, pieces):
        for line, record in _Records(self, pieces):
            if self.layout is None:
                if line == 1 and len(record) == 5 and record[:4].lower() == b"sep=":
                    self._named = record[4]
                    continue
                self.layout, is_header = self._detect(record)
                if is_header:
                    continue
            separator, wanted, count = self.layout
            fields = split_record(record, separator)
            if fields is None:
                raise self.malformed("A quote is where none may be", line)
            if len(fields) != count:
                raise self.malformed(f"A record has {len(fields)} fields where the header has {count}", line)
            yield fields[wanted]

    def is_separator(self, value):
        if self.layout is not None:
            return value == self.layout[0]
        return value == self._named if self._named is not None else value in SEPARATORS

    def check_beginning(self, record):
        """What the first bytes of a list may show: it is something else."""
        for signature, what, advice in _SIGNATURES:
            if record == signature:
                raise InputError(f"The list is {what}: {self.name}; {advice}", file=self.name)
        if len(record) == 5 and record[:4] == b"PAR1" and (record[4] < 9 or 13 < record[4] < 32):
            raise InputError(f"The list is a Parquet file, but its name does not say so: {self.name}; name the folder that holds it",
                             file=self.name)
        if len(record) == 6 and record[:3] == b"BZh" and record[4:] == b"1A":
            raise InputError(f"The list is compressed by bzip2: {self.name}; unpack it, or compress it by gzip", file=self.name)

    def _detect(self, record):
        separators, is_table = SEPARATORS if self._named is None else bytes((self._named,)), False
        for exact in (True, False):
            for separator in separators:
                names = [_name(field) for field in split_record(record, separator) or []]
                is_table |= sum(bool(name) for name in names) > 1
                if len(names) < 2:
                    continue
                found = [place for place, name in enumerate(names) if self._is_key(name, exact)]
                if len(found) > 1:
                    raise InputError(f"Two columns of the list {self.name} could be '{self.key_column}': '{names[found[0]]}' and "
                                     f"'{names[found[1]]}'; rename one of them",
                                     file=self.name, column=self.key_column)
                if found:
                    return (separator, found[0], len(names)), True
        only = split_record(record, None)
        is_header = bool(only) and len(only) == 1 and self._is_key(_name(only[0]), False)
        if is_table and not is_header:
            raise InputError(f"The first line of the list {self.name} does not name '{self.key_column}'; add a header, or name the column "
                             f"with --key-column-a",
                             file=self.name, column=self.key_column)
        return (None, 0, 1), is_header

    def _is_key(self, name, exact):
        return name == self.key_column if exact else folded(name) == folded(self.key_column)

    def malformed(self, problem, line):
        return InputError(f"{problem}, in the record at line {line} of {self.name}; correct the list", file=self.name)


class _Records:
    """Iterates over (line, record). A line end inside quotes belongs to the field."""

    START, PLAIN, QUOTED, AFTER_QUOTE = range(4)

    def __init__(self, parser, pieces):
        self._parser, self._pieces = parser, pieces
        self._record, self._place = bytearray(), self.START
        self._line = self._record_line = 1
        self._is_first, self._after_cr, self._ends_at_cr = True, False, None

    def __iter__(self):
        for piece in self._pieces:
            start = 0
            while start < len(piece):
                end = piece.find(b"\n", start)
                line = piece[start:end] if end >= 0 else None
                if line is not None and self._is_plain(line):
                    self._line += 1
                    if (found := _without_cr(line)):
                        yield self._record_line, found
                    self._record_line, start = self._line, end + 1
                    continue
                stop = end + 1 if end >= 0 else len(piece)
                yield from self._feed(piece[start:stop])
                start = stop
        if self._place == self.QUOTED:
            raise self._parser.malformed("A quoted field is not closed", self._record_line)
        yield from self._end()

    def _is_plain(self, line):
        """A whole record at once: nearly all lines. The first record, quotes and odd line ends
        are read byte by byte.
        """
        return (not self._record and not self._is_first and self._ends_at_cr is False and not self._after_cr and _QUOTE not in line
                and len(line) <= MAX_RECORD_BYTES
                and line.find(b"\r", 0, -1) < 0)

    def _feed(self, data):
        for value in data:
            if value == _LF:
                self._line += 1
                self._after_cr = False
                if self._place != self.QUOTED:
                    if self._ends_at_cr is None:
                        self._ends_at_cr = False
                    yield from self._end()
                    continue
            if self._after_cr:
                if self._ends_at_cr is None:
                    self._ends_at_cr = True
                if self._ends_at_cr:
                    self._line += 1
                    yield from self._end()
            self._append(value)
            self._after_cr = value == _CR and self._place != self.QUOTED

    def _append(self, value):
        if len(self._record) == MAX_RECORD_BYTES:
            raise self._parser.malformed(f"A line is longer than {MAX_RECORD_BYTES} bytes", self._record_line)
        self._record.append(value)
        if value == _QUOTE and self._place in (self.START, self.AFTER_QUOTE):
            self._place = self.QUOTED
        elif value == _QUOTE and self._place == self.QUOTED:
            self._place = self.AFTER_QUOTE
        elif self._place != self.QUOTED:
            self._place = self.START if self._parser.is_separator(value) else self.PLAIN
        if self._is_first and len(self._record) <= _LONGEST_SIGNATURE:
            self._parser.check_beginning(self._record)
            if self._record == _MARK:
                self._record.clear()
                self._place = self.START

    def _end(self):
        record, line = _without_cr(bytes(self._record)), self._record_line
        self._record.clear()
        self._is_first, self._place, self._record_line = False, self.START, self._line
        if record:
            yield line, record


def _without_cr(record):
    return record[:-1] if record.endswith(b"\r") else record


def _name(field):
    return field.decode("utf-8", "replace").strip(" \t")


def split_record(record, separator):
    """The fields of a record, unquoted; None if a quote is not closed or something follows a
    closing one.
    """
    if _QUOTE not in record:
        return record.split(bytes((separator,))) if separator is not None else [record]
    fields, position = [], 0
    while True:
        quoted = None
        start = position
        if record[position:position + 1] == b'"':
            end = position + 1
            while True:
                end = record.find(b'"', end)
                if end < 0:
                    return None
                if record[end + 1:end + 2] != b'"':
                    break
                end += 2
            quoted, start = record[position + 1:end].replace(b'""', b'"'), end + 1
        stop = record.find(bytes((separator,)), start) if separator is not None else -1
        is_last = stop < 0
        stop = len(record) if is_last else stop
        if quoted is not None and record[start:stop].strip(b" \t"):
            return None
        fields.append(record[position:stop] if quoted is None else quoted)
        if is_last:
            return fields
        position = stop + 1
