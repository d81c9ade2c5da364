"""Finds pages that Spark cannot read and does not name: their header states a size that is impossible, or more than the page holds.

parquet-java 1.13 makes room for whatever size is stated, and waits without end for the bytes that a Snappy or LZ4_RAW page lacks (its
stream returns 0 bytes again and again). This walk needs only lengths: those that a Snappy block states, and those that the sequences of an
LZ4 block add up to. It is for use after a query has failed.
"""
from .footer import FooterError
from .thrift import CompactReader, STRUCT, ThriftError

ENDLESS_CODECS = ("SNAPPY", "LZ4_RAW")
DATA_V2 = 3
MAX_PAGE_BYTES = 1 << 30
SHORT, IMPOSSIBLE = "a page holds less than its header says", "the header of a page states an impossible size"


def damaged_column(read, footer, names):
    """(name of the first column with such a page, what is wrong); None if there is none.

    :param read: a function (offset, length) -> bytes
    :param footer: Footer of the file
    :param names: of the top-level columns that were read
    """
    columns = [column for column in footer.columns if column.path[0] in names]
    for column, codec, start, length in footer.places(columns):
        problem = _problem(read(start, length), codec) if length > 0 else None
        if problem:
            return column.name, problem
    return None


def _problem(chunk, codec):
    """What is wrong with a page of a column chunk. What cannot be followed is not judged."""
    position = 0
    while position < len(chunk):
        try:
            body, wanted, position = _page(chunk, position)
        except (ThriftError, FooterError):
            return None
        if not 0 <= wanted <= MAX_PAGE_BYTES or body is None:
            return IMPOSSIBLE
        if codec in ENDLESS_CODECS and wanted > 0 and (snappy_length(body) if codec == "SNAPPY" else lz4_length(body)) < wanted:
            return SHORT
    return None


def _page(chunk, position):
    """(stored bytes, stated length, position of the next page). The bytes are None if the chunk does not have that many. Of a page that is
    not compressed, nothing has to be decompressed.
    """
    reader = CompactReader(chunk, position)
    kind = full = stored = levels = last = 0
    compressed = True
    while (field := reader.field(last)):
        last, found = field
        if last == 1:
            kind = reader.integer(found)
        elif last == 2:
            full = reader.integer(found)
        elif last == 3:
            stored = reader.integer(found)
        elif last == 8 and found == STRUCT:
            levels, compressed = _version_2(reader)
        else:
            reader.skip(found)
    end = reader.position + stored
    if kind != DATA_V2:
        levels, compressed = 0, True
    if full < 0 or stored < 0 or end > len(chunk):
        return None, full, end
    return chunk[reader.position + levels:end], full - levels if compressed else 0, end


def _version_2(reader):
    """(bytes of the levels, whether the values are compressed) of a DataPageHeaderV2."""
    levels, compressed, last = 0, True, 0
    while (field := reader.field(last)):
        last, kind = field
        if last in (5, 6):
            levels += reader.integer(kind)
        elif last == 7:
            compressed = reader.boolean(kind)
        else:
            reader.skip(kind)
    return levels, compressed


def snappy_length(block):
    """The decompressed length that a block states. An empty one holds nothing."""
    length = shift = 0
    for byte in block[:5]:
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    return length


def lz4_length(block):
    """The decompressed length of a block, from the lengths of its literals and matches."""
    position, length, size = 0, 0, len(block)
    while position < size:
        token = block[position]
        position, literals = _extended(block, position + 1, token >> 4)
        position += literals
        length += literals
        if position >= size:
            break
        position, match = _extended(block, position + 2, token & 15)
        length += match + 4
    return length


def _extended(block, position, length):
    """A length of 15 continues in the bytes after the token, until one is not 255."""
    if length == 15:
        while position < len(block):
            byte = block[position]
            position += 1
            length += byte
            if byte != 255:
                break
    return position, length
