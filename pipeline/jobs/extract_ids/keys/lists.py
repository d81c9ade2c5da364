"""Table A as a list: a .csv or .txt file, gzipped or not.

The first record is a header if one of its fields is the key column's name (exactly, otherwise case-insensitively). Its separator, one of , ; tab |, is then the list's. Otherwise a first
record of one field is already a value: one value per line. Quotes follow RFC 4180. Records end at LF or CR LF. Empty lines are not records. Bytes need not be UTF-8. Messages give lines,
never values.
"""
import zlib

from ...common.errors import InputError

MAX_RECORD_BYTES = 1 << 20
SEPARATORS = b",;\t|"
_QUOTE = 0x22


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
        self.layout = None  # (separator, field, number of fields)

    def values(self, pieces):
        for line, record in self._records(pieces):
            if self.layout is None:
                self.layout, is_header = self._detect(record)
                if is_header:
                    continue
            separator, wanted, count = self.layout
            fields = split_record(record, separator)
            if fields is None:
                raise self._malformed("A quote is where none may be", line)
            if len(fields) != count:
                raise self._malformed(f"A record has {len(fields)} fields where the header has {count}", line)
            yield fields[wanted]

    def _records(self, pieces):
        """(line, record). A line end inside quotes belongs to the field."""
        record, line, started, state, head = bytearray(), 1, 1, _State(), True
        for piece in pieces:
            for part in piece.splitlines(keepends=True) if b"\r" not in piece else _lines(piece):
                ended = part.endswith(b"\n")
                body = part[:-1] if ended else part
                if head and len(record) + len(body) <= 3:
                    pass
                record += body
                if len(record) > MAX_RECORD_BYTES:
                    raise self._malformed(f"A line is longer than {MAX_RECORD_BYTES} bytes", started)
                if head and (ended or len(record) >= 3):
                    self._check_head(record)
                    if record.startswith(b"\xef\xbb\xbf"):
                        del record[:3]
                        body = bytes(record)
                    else:
                        body = bytes(record)
                    state, head = _State(), False
                if not head:
                    state.feed(body, self.layout[0] if self.layout else None, self.layout is not None)
                if not ended:
                    continue
                line += 1
                if state.quoted:
                    record += b"\n"
                    continue
                if (found := _without_cr(record)):
                    yield started, found
                record, started, state = bytearray(), line, _State()
        if head and record:
            self._check_head(record)
            state.feed(bytes(record), None, False)
        if state.quoted:
            raise self._malformed("A quoted field is not closed", started)
        if (found := _without_cr(record)):
            yield started, found

    def _check_head(self, record):
        if record[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"The list is UTF-16 text: {self.name}; save it as UTF-8", file=self.name)
        if record[:2] == b"\x1f\x8b":
            raise InputError(f"The list is gzipped, but its name does not end with .gz: {self.name}; rename or unpack it", file=self.name)

    def _detect(self, record):
        is_table = False
        for exact in (True, False):
            for separator in SEPARATORS:
                names = [_name(field) for field in split_record(record, separator) or []]
                is_table |= sum(bool(name) for name in names) > 1
                if len(names) < 2:
                    continue
                found = [place for place, name in enumerate(names) if self._is_key(name, exact)]
                if len(found) > 1:
                    raise InputError(f"Two columns of the list {self.name} could be '{self.key_column}': '{names[found[0]]}' and '{names[found[1]]}'; rename one of them",
                                     file=self.name, column=self.key_column)
                if found:
                    return (separator, found[0], len(names)), True
        if is_table:
            raise InputError(f"The list {self.name} has several columns and its first line does not name '{self.key_column}'; add a header, or name the column with --key-column-a",
                             file=self.name, column=self.key_column)
        only = split_record(record, None)
        return (None, 0, 1), bool(only) and len(only) == 1 and self._is_key(_name(only[0]), False)

    def _is_key(self, name, exact):
        return name == self.key_column if exact else name.lower() == self.key_column.lower()

    def _malformed(self, problem, line):
        return InputError(f"{problem}, in the record at line {line} of {self.name}; correct the list", file=self.name)


class _State:
    """Whether the end of what was fed is inside quotes. A quote opens a field only at its start; after a closing quote it opens it again ("" is a quote)."""

    def __init__(self):
        self.quoted, self.at_start, self.after_quote = False, True, False

    def feed(self, data, separator, is_known):
        if not self.quoted and _QUOTE not in data:
            if data:
                self.at_start = (data[-1] == separator) if is_known else data[-1] in SEPARATORS
                self.after_quote = False
            return
        for value in data:
            if value == _QUOTE and (self.at_start or self.after_quote):
                self.quoted, self.at_start, self.after_quote = True, False, False
            elif value == _QUOTE and self.quoted:
                self.quoted, self.after_quote = False, True
            elif not self.quoted:
                self.at_start, self.after_quote = (value == separator) if is_known else value in SEPARATORS, False


def _lines(piece):
    """Parts that end at LF only, unlike splitlines, which also splits at CR."""
    start = 0
    while start < len(piece):
        end = piece.find(b"\n", start) + 1 or len(piece)
        yield piece[start:end]
        start = end


def _without_cr(record):
    return bytes(record[:-1] if record.endswith(b"\r") else record)


def _name(field):
    return field.decode("utf-8", "replace").strip(" \t")


def split_record(record, separator):
    """The fields of a record, unquoted; None if a quote is not closed or something follows a closing one."""
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
