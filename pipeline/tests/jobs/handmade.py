"""Parquet that no library writes: a writer of the compact protocol, of footers, and of small files whose footers may lie."""
import dataclasses
import struct as binary
import typing

from pipeline.jobs.parquet.schema import PHYSICAL
from pipeline.jobs.parquet.thrift import BINARY, I32, I64, LIST, STRUCT

STRING = ((6, I32, b"\0"),)


def varint(number):
    result = bytearray()
    while number > 0x7F:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(result + bytes((number,)))


def number(value):
    return varint((value << 1) ^ (value >> 63))


def struct(*fields):
    """Fields as (id, type, content), in ascending order of ids."""
    result, last = bytearray(), 0
    for identity, kind, content in fields:
        result += bytes(((identity - last) << 4 | kind,)) if 0 < identity - last < 16 else bytes((kind,)) + number(identity)
        result += content
        last = identity
    return bytes(result) + b"\0"


def text(value):
    return varint(len(value)) + value


def items(kind, contents):
    head = bytes((len(contents) << 4 | kind,)) if len(contents) < 15 else bytes((0xF0 | kind,)) + varint(len(contents))
    return head + b"".join(contents)


def element(name, *more):
    return struct(*sorted([(4, BINARY, text(name)), *more]))


def chunk(physical=6, codec=1, encodings=(0, 3), values=1, start=4, size=8, path=b"id"):
    metadata = struct((1, I32, number(physical)), (2, LIST, items(I32, [number(one) for one in encodings])),
                      (3, LIST, items(BINARY, [text(path)])),
                      (4, I32, number(codec)), (5, I64, number(values)), (6, I64, number(size)), (7, I64, number(size)),
                      (9, I64, number(start)))
    return struct((2, I64, number(0)), (3, STRUCT, metadata))


def group(chunks, rows, size=8):
    return struct((1, LIST, items(STRUCT, chunks)), (2, I64, number(8)), (3, I64, number(rows)), (6, I64, number(size)))


def file_of(columns=(element(b"id", (1, I32, number(6)), (3, I32, number(1))),), groups=(group([chunk()], 1),), extra=()):
    root = element(b"root", (5, I32, number(len(columns))))
    thrift = struct(*sorted([(1, I32, number(1)), (2, LIST, items(STRUCT, [root, *columns])), (3, I64, number(7)),
                             (4, LIST, items(STRUCT, list(groups))), *extra]))
    return b"PAR1" + bytes(8) + thrift + len(thrift).to_bytes(4, "little") + b"PAR1"


@dataclasses.dataclass
class Flat:
    """An optional column of a file. Its pages are PLAIN, v1 and not compressed.

    values      None, or what `_plain` takes
    length      of FIXED_LEN_BYTE_ARRAY
    annotation  fields of its schema element: (6, I32, ..) the converted type, (7, ..) scale, (8, ..) precision, (10, STRUCT, ..) the
                logical type
    metadata    row group -> fields of the chunk's metadata, beside or instead of the true ones
    """

    name: str
    physical: str
    values: list
    length: int = 0
    annotation: tuple = STRING
    metadata: typing.Callable = lambda group: ()


def decimal(precision, scale):
    return (6, I32, number(5)), (7, I32, number(scale)), (8, I32, number(precision))


def logical(union):
    """A logical type without parameters, by its number in the format."""
    return ((10, STRUCT, struct((union, STRUCT, b"\0"))),)


def write_file(path, columns, per_group=None, states_size=True):
    """Writes Flat columns of equal length in row groups of so many rows.

    states_size  whether row groups have the optional total_compressed_size
    """
    rows = len(columns[0].values)
    content, groups = bytearray(b"PAR1"), []
    for index, start in enumerate(range(0, rows, per_group or rows)):
        parts = [column.values[start:start + (per_group or rows)] for column in columns]
        chunks = [_write_chunk(content, column, values, column.metadata(index)) for column, values in zip(columns, parts)]
        stated = [(6, I64, number(sum(size for _, size in chunks)))] if states_size else []
        groups.append(struct((1, LIST, items(STRUCT, [chunk for chunk, _ in chunks])), (2, I64, number(0)), (3, I64, number(len(parts[0]))),
                             *stated))
    elements = [element(column.name.encode(), (1, I32, number(PHYSICAL.index(column.physical))), (2, I32, number(column.length)),
                        (3, I32, number(1)), *column.annotation) for column in columns]
    footer = struct((1, I32, number(1)), (2, LIST, items(STRUCT, [element(b"root", (5, I32, number(len(columns)))), *elements])),
                    (3, I64, number(rows)), (4, LIST, items(STRUCT, groups)))
    with open(path, "wb") as stream:
        stream.write(bytes(content) + footer + len(footer).to_bytes(4, "little") + b"PAR1")


def _write_chunk(content, column, values, changed):
    """Appends a page to the content. Returns (ColumnChunk, size)."""
    start = len(content)
    levels = b"".join(varint(1 << 1) + bytes((value is not None,)) for value in values)
    page = len(levels).to_bytes(4, "little") + levels + b"".join(_plain(column.physical, value) for value in values if value is not None)
    header = struct((1, I32, number(0)), (2, I32, number(len(page))), (3, I32, number(len(page))), (5, STRUCT, struct(
        (1, I32, number(len(values))), (2, I32, number(0)), (3, I32, number(3)), (4, I32, number(3)))))
    content += header + page
    size = len(header) + len(page)
    fields = {1: (I32, number(PHYSICAL.index(column.physical))), 2: (LIST, items(I32, [number(0), number(3)])),
              3: (LIST, items(BINARY, [text(column.name.encode())])), 4: (I32, number(0)), 5: (I64, number(len(values))),
              6: (I64, number(size)), 7: (I64, number(size)), 9: (I64, number(start))}
    fields.update({identity: (kind, value) for identity, kind, value in changed})
    metadata = struct(*[(identity, *fields[identity]) for identity in sorted(fields)])
    return struct((2, I64, number(0)), (3, STRUCT, metadata)), size


def _plain(physical, value):
    if physical in ("INT32", "INT64", "FLOAT", "DOUBLE"):
        return binary.pack({"INT32": "<i", "INT64": "<q", "FLOAT": "<f", "DOUBLE": "<d"}[physical], value)
    return value if physical != "BYTE_ARRAY" else len(value).to_bytes(4, "little") + value
