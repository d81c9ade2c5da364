"""The footer of a Parquet file: columns, rows, and the codecs and encodings of the columns that
a job needs.
"""
from dataclasses import dataclass

from .schema import PHYSICAL, read_schema
from .thrift import STRUCT, CompactReader, ThriftError

TAIL_BYTES = 64 << 10
MAX_FOOTER_BYTES = 256 << 20
MIN_FILE_BYTES = 13
CODECS = ("UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW")
ENCODINGS = {0: "PLAIN", 2: "PLAIN_DICTIONARY", 3: "RLE", 4: "BIT_PACKED", 5: "DELTA_BINARY_PACKED", 6: "DELTA_LENGTH_BYTE_ARRAY",
             7: "DELTA_BYTE_ARRAY", 8: "RLE_DICTIONARY", 9: "BYTE_STREAM_SPLIT"}
# Spark 3.5's vectorised reader decodes these correctly. DELTA_LENGTH_BYTE_ARRAY with nulls gives
# wrong rows (SPARK-52240).
VECTORISED_ENCODINGS = frozenset(("PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY"))


class FooterError(Exception):
    """A file is not Parquet, damaged or encrypted. `column` is set if the fault is in one column."""

    def __init__(self, problem, file, column=None):
        super().__init__(problem)
        self.problem, self.file, self.column = problem, file, column


@dataclass(frozen=True)
class Chunks:
    """What the row groups of a file use for one column."""
    codecs: frozenset
    encodings: frozenset


class Footer:
    """A parsed footer. Row groups are read for the columns that a caller asks for, so wide
    tables cost little.
    """

    def __init__(self, file, size, thrift):
        self.file, self.size, self._thrift = file, size, thrift
        self.root, self.columns, self.newer_types, self.created_by, self._groups = None, (), {}, "", 0
        try:
            self._read_metadata()
            self.group_rows = self._read_groups(())[0]
        except ThriftError as error:
            raise FooterError(f"The footer is damaged ({error})", file) from None

    @property
    def rows(self):
        """The sum over the row groups. The total that the file states beside them is not trusted."""
        return sum(self.group_rows)

    def chunks(self, columns):
        """[Chunks], one per column."""
        try:
            return self._read_groups(tuple(columns))[1]
        except ThriftError as error:
            raise FooterError(f"The footer is damaged ({error})", self.file) from None

    def places(self, columns):
        """[(column, codec, offset, length)] of the columns' chunks that hold values, in the order of the row groups."""
        found = []

        def visit(column, chunk):
            if chunk["values"]:  # without any, offset and length are not checked
                found.append((column, chunk["codec"], chunk["start"], chunk["length"]))
        try:
            self._read_groups(tuple(columns), visit)
        except ThriftError as error:
            raise FooterError(f"The footer is damaged ({error})", self.file) from None
        return found

    def _read_metadata(self):
        reader, last, has_schema, has_groups = CompactReader(self._thrift), 0, False, False
        while (field := reader.field(last)):
            last, kind = field
            if last == 2:
                (self.root, self.columns, self.newer_types), has_schema = read_schema(reader, kind), True
            elif last == 3:
                if reader.integer(kind) < 0:
                    raise reader.error("a negative number of rows")
            elif last == 4:
                self._groups, has_groups = reader.position, True
                count, item = reader.items(kind)
                if count:
                    reader.expect(item, STRUCT)
                for _ in range(count):
                    reader.skip(STRUCT)
                self._group_kind = kind
            elif last == 6:
                self.created_by = reader.binary(kind).decode("utf-8", "replace")
            elif last == 8:
                raise FooterError("The file is encrypted", self.file)
            else:
                reader.skip(kind)
        if not has_schema:
            raise reader.error("no schema")
        if not has_groups:
            raise reader.error("no list of row groups")

    def _read_groups(self, columns, visit=None):
        reader = CompactReader(self._thrift, self._groups)
        count, _ = reader.items(self._group_kind)
        wanted = {column.index: place for place, column in enumerate(columns)}
        codecs, encodings, rows = [set() for _ in columns], [set() for _ in columns], []
        for group in range(count):
            number, total, last = -1, None, 0
            chunks, listed = {}, None
            while (field := reader.field(last)):
                last, kind = field
                if last == 1 and columns:
                    listed = reader.position, kind
                    self._read_chunks(reader, kind, group, wanted, chunks)
                elif last == 3:
                    number = reader.integer(kind)
                elif last == 6:
                    total = reader.integer(kind)
                else:
                    reader.skip(kind)
            if not 0 <= number < 1 << 62:
                raise reader.error(f"row group {group} has no valid number of rows")
            rows.append(number)
            if columns and number:
                if not chunks:
                    raise reader.error(f"row group {group} has no list of chunks")
                self._check_middle(chunks[0], self._sum_of_lengths(*listed) if total is None else total, group)
            for place, column in enumerate(columns):
                self._check(chunks.get(column.index), column, group, number)
                codecs[place].add(chunks[column.index]["codec"])
                encodings[place].update(chunks[column.index]["encodings"])
                if visit:
                    visit(column, chunks[column.index])
        return rows, [Chunks(frozenset(c), frozenset(e)) for c, e in zip(codecs, encodings)]

    def _read_chunks(self, reader, kind, group, wanted, chunks):
        count, item = reader.items(kind)
        if count:
            reader.expect(item, STRUCT)
        if count != len(self.columns):
            raise reader.error(f"row group {group} holds {count} chunks for {len(self.columns)} columns")
        for leaf in range(count):
            if leaf in wanted or leaf == 0:
                chunks[leaf] = _read_chunk(reader)
            else:
                reader.skip(STRUCT)

    def _sum_of_lengths(self, position, kind):
        """What parquet-java takes for the size of a row group that states none."""
        reader = CompactReader(self._thrift, position)
        count, _ = reader.items(kind)
        return sum(_read_chunk(reader)["length"] for _ in range(count))

    def _check_middle(self, first, total, group):
        """Spark gives a row group to the task whose range of bytes holds its middle. One with
        its middle outside the file would be in no range, and its rows would be lost without an
        error. Without metadata of its first column, parquet-java takes another start.
        """
        if first["physical"] is None:
            raise FooterError(f"The first chunk of row group {group} has no metadata", self.file)
        middle = first["java_start"] + abs(total) // 2 * (1 if total >= 0 else -1)
        if not 0 <= middle < self.size:
            raise FooterError(f"The size of row group {group} is impossible: its middle is at byte {middle} of {self.size}", self.file)

    def _check(self, chunk, column, group, rows):
        def refuse(problem):
            return FooterError(f"{problem} (row group {group})", self.file, column.name)
        if chunk is None:
            raise refuse("A row group has no chunk for the column")
        if chunk["encrypted"]:
            raise refuse("The column is encrypted")
        if chunk["elsewhere"]:
            raise refuse("The column's data is in another file")
        if chunk["physical"] is None:
            raise refuse("A chunk has no metadata")
        if chunk["physical"] != column.physical:
            raise refuse("A chunk's type is not the schema's")
        if chunk["path"] and chunk["path"] != column.path:
            raise refuse("A chunk belongs to another column than its place says")
        if chunk["values"] < 0 or (column.repetition == 0 and chunk["values"] != rows):
            raise refuse(f"A chunk has {chunk['values']} values for {rows} rows")
        start, length, end = chunk["start"], chunk["length"], self.size - 8 - len(self._thrift)
        if chunk["values"] and (start < 4 or length <= 0 or start + length > end):
            raise refuse("A chunk lies outside the part of the file that holds pages")


def _read_chunk(reader):
    chunk = {"encrypted": False, "elsewhere": False, "physical": None, "path": (), "codec": "", "encodings": [], "values": -1, "start": 0,
             "java_start": 0, "length": 0}
    last = 0
    while (field := reader.field(last)):
        last, kind = field
        if last == 1:
            chunk["elsewhere"] = len(reader.binary(kind)) > 0
        elif last == 3:
            reader.expect(kind, STRUCT)
            _read_chunk_metadata(reader, chunk)
        elif last in (8, 9):
            chunk["encrypted"] = True
            reader.skip(kind)
        else:
            reader.skip(kind)
    return chunk


def _read_chunk_metadata(reader, chunk):
    data, dictionary, last = 0, None, 0
    while (field := reader.field(last)):
        last, kind = field
        if last == 1:
            number = reader.integer(kind)
            chunk["physical"] = PHYSICAL[number] if 0 <= number < len(PHYSICAL) else f"type {number}"
        elif last == 2:
            count, item = reader.items(kind)
            numbers = [reader.integer(item) for _ in range(count)]
            chunk["encodings"] += [ENCODINGS.get(number, f"encoding {number}") for number in numbers]
        elif last == 3:
            count, item = reader.items(kind)
            chunk["path"] = tuple(reader.binary(item).decode("utf-8", "replace") for _ in range(count))
        elif last == 4:
            number = reader.integer(kind)
            chunk["codec"] = CODECS[number] if 0 <= number < len(CODECS) else f"codec {number}"
        elif last == 5:
            chunk["values"] = reader.integer(kind)
        elif last == 7:
            chunk["length"] = reader.integer(kind)
        elif last == 9:
            data = reader.integer(kind)
        elif last == 11:
            dictionary = reader.integer(kind)
        elif last == 13:
            # Page encoding statistics: some writers list more here than in `encodings`.
            count, item = reader.items(kind)
            for _ in range(count):
                chunk["encodings"] += _read_encoding_statistic(reader)
        else:
            reader.skip(kind)
    # parquet-java accepts any dictionary offset below the data's, even an impossible one.
    chunk["java_start"] = data if dictionary is None else min(data, dictionary)
    chunk["start"] = data if dictionary is None or dictionary <= 0 else chunk["java_start"]


def _read_encoding_statistic(reader):
    names, last = [], 0
    while (field := reader.field(last)):
        last, kind = field
        if last == 2:
            number = reader.integer(kind)
            names.append(ENCODINGS.get(number, f"encoding {number}"))
        else:
            reader.skip(kind)
    return names


def read_footer(read, size, name):
    """Reads a footer with one request for most files and two for large footers.

    :param read: a function (offset, length) -> bytes, which returns exactly that many
    :param size: bytes in the file
    :param name: of the file, for messages
    :raises FooterError: not Parquet, damaged or encrypted
    """
    if size < MIN_FILE_BYTES:
        raise FooterError(f"Not a Parquet file: it has {size} bytes", name)
    tail = read(size - min(size, TAIL_BYTES), min(size, TAIL_BYTES))
    magic = tail[-4:]
    if magic == b"PARE":
        raise FooterError("The file is encrypted", name)
    if magic != b"PAR1":
        raise FooterError("Not a Parquet file, or one that was cut: it does not end with PAR1", name)
    length = int.from_bytes(tail[-8:-4], "little")
    if not 0 < length <= min(size - 12, MAX_FOOTER_BYTES):
        raise FooterError(f"The footer's length is impossible: {length} bytes in a file of {size}", name)
    known = tail[:-8]
    thrift = known[-length:] if length <= len(known) else read(size - 8 - length, length - len(known)) + known
    return Footer(name, size, thrift)


def is_vectorised(columns, chunks):
    """True if Spark 3.5's vectorised reader reads these columns of a file correctly; otherwise
    use its row reader.
    """
    return all(found.encodings <= VECTORISED_ENCODINGS and not (column.logical.kind == "DECIMAL" and column.physical == "BYTE_ARRAY")
               for column, found in zip(columns, chunks))
