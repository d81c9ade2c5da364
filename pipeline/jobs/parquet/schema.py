"""The columns of a Parquet file: physical and logical types, names, nesting."""
from dataclasses import dataclass

from .thrift import STRUCT

PHYSICAL = ("BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
MAX_DEPTH = 64


@dataclass(frozen=True)
class Logical:
    """What values mean, from the logical type or the older converted type.

    kind   STRING ENUM JSON BSON UUID INTEGER DECIMAL DATE TIME TIMESTAMP INTERVAL FLOAT16 LIST MAP,
    UNKNOWN (always null),
           NONE without an annotation, OTHER for one that is not known or does not fit the physical type
    bits, signed      of INTEGER
    precision, scale  of DECIMAL
    unit, utc         of TIME and TIMESTAMP: MILLIS, MICROS or NANOS
    """
    kind: str = "NONE"
    bits: int = 0
    signed: bool = True
    precision: int = 0
    scale: int = 0
    utc: bool = True
    unit: str = ""

    def __str__(self):
        if self.kind == "INTEGER":
            return f"{'' if self.signed else 'U'}INT_{self.bits}"
        if self.kind == "DECIMAL":
            return f"DECIMAL({self.precision},{self.scale})"
        return self.kind


@dataclass(frozen=True)
class Node:
    """An element of the schema. `repetition` is 0 (required), 1 (optional) or 2 (repeated);
    `physical` is None for a group.
    """
    name: str
    repetition: int
    physical: str = None
    length: int = 0
    logical: Logical = Logical()
    children: tuple = ()


@dataclass(frozen=True)
class Column:
    """One leaf of the schema. `index` is also the place of its chunk in every row group."""
    index: int
    path: tuple
    physical: str
    length: int = 0
    logical: Logical = Logical()
    definition: int = 0
    repetition: int = 0

    @property
    def name(self):
        return ".".join(self.path)

    @property
    def is_flat(self):
        """A top-level column that does not repeat."""
        return len(self.path) == 1 and self.repetition == 0 and self.definition <= 1

    @property
    def type_text(self):
        """As in messages: BYTE_ARRAY (STRING)."""
        physical = f"{self.physical}({self.length})" if self.physical == "FIXED_LEN_BYTE_ARRAY" else self.physical
        nested = "" if self.is_flat else ", repeated" if self.repetition else ", nested"
        return f"{physical}{nested}" if self.logical.kind == "NONE" else f"{physical} ({self.logical}){nested}"


_CONVERTED = {
    0: Logical("STRING"), 1: Logical("MAP"), 2: Logical("MAP"), 3: Logical("LIST"), 4: Logical("ENUM"), 6: Logical("DATE"),
    7: Logical("TIME", unit="MILLIS"), 8: Logical("TIME", unit="MICROS"), 9: Logical("TIMESTAMP", unit="MILLIS"),
    10: Logical("TIMESTAMP", unit="MICROS"),
    11: Logical("INTEGER", 8, False), 12: Logical("INTEGER", 16, False), 13: Logical("INTEGER", 32, False),
    14: Logical("INTEGER", 64, False),
    15: Logical("INTEGER", 8), 16: Logical("INTEGER", 16), 17: Logical("INTEGER", 32), 18: Logical("INTEGER", 64),
    19: Logical("JSON"), 20: Logical("BSON"), 21: Logical("INTERVAL"),
}
_UNION = {1: "STRING", 2: "MAP", 3: "LIST", 4: "ENUM", 6: "DATE", 11: "UNKNOWN", 12: "JSON", 13: "BSON", 14: "UUID", 15: "FLOAT16"}
# Logical types by their numbers, which are newer than parquet-java 1.13 of Spark 3.5. It cannot read a footer that has one.
_OLDER = frozenset((*range(1, 9), *range(10, 15)))
_NEWER = {15: "FLOAT16", 16: "VARIANT", 17: "GEOMETRY", 18: "GEOGRAPHY"}
_UNITS = {1: "MILLIS", 2: "MICROS", 3: "NANOS"}
_TEXTS = ("STRING", "ENUM", "JSON", "BSON")
_BYTES = ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")


class _Element:
    """One SchemaElement."""

    def __init__(self, reader):
        self.physical = self.converted = self.logical = None
        self.newer = ""
        self.length = self.repetition = self.children = self.scale = self.precision = 0
        self.name = ""
        last = 0
        while (field := reader.field(last)):
            last, kind = field
            if last == 1:
                self.physical = _known(reader, PHYSICAL, reader.integer(kind), "physical type")
            elif last == 2:
                self.length = reader.integer(kind)
            elif last == 3:
                self.repetition = _known(reader, (0, 1, 2), reader.integer(kind), "repetition")
            elif last == 4:
                self.name = reader.binary(kind).decode("utf-8", "replace")
            elif last == 5:
                self.children = reader.integer(kind)
            elif last == 6:
                self.converted = reader.integer(kind)
            elif last == 7:
                self.scale = reader.integer(kind)
            elif last == 8:
                self.precision = reader.integer(kind)
            elif last == 10:
                reader.expect(kind, STRUCT)
                self.logical, union = _read_logical(reader)
                self.newer = "" if union in _OLDER else _NEWER.get(union, f"of the logical type {union}")
            else:
                reader.skip(kind)
        if self.children < 0:
            raise reader.error("a group with a negative number of children")

    def logical_type(self):
        """Returns the newer annotation, or the older one where the newer is missing or unknown.
        An annotation that does not fit the physical type counts as unknown.
        """
        logical = self.logical
        if logical is None or logical.kind == "OTHER":
            if self.converted == 5:
                logical = Logical("DECIMAL", precision=self.precision, scale=self.scale)
            elif self.converted is not None:
                logical = _CONVERTED.get(self.converted, Logical("OTHER"))
            else:
                logical = logical or Logical()
        return logical if self._fits(logical) else Logical("OTHER")

    def _fits(self, logical):
        kind = logical.kind
        if kind == "INTEGER":
            return self.physical == ("INT64" if logical.bits == 64 else "INT32")
        if kind == "DECIMAL":
            return self.physical in ("INT32", "INT64") + _BYTES
        if kind == "UUID":
            return self.physical == "FIXED_LEN_BYTE_ARRAY" and self.length == 16
        if kind in _TEXTS:
            return self.physical in _BYTES
        if kind == "DATE":
            return self.physical == "INT32"
        if kind in ("LIST", "MAP"):
            return self.physical is None
        return kind not in ("TIME", "TIMESTAMP") or self.physical in ("INT32", "INT64")


def _known(reader, values, number, what):
    if not 0 <= number < len(values):
        raise reader.error(f"unknown {what} {number}")
    return values[number]


def _read_logical(reader):
    """(Logical, number of the type in the format, 0 without one)"""
    result, last, union = Logical("OTHER"), 0, 0
    while (field := reader.field(last)):
        last, kind = field
        if last in (5, 7, 8, 10):
            reader.expect(kind, STRUCT)
            result = _read_parameters(reader, last)
        else:
            reader.skip(kind)
            result = Logical(_UNION.get(last, "OTHER"))
        union = last
    return result, union


def _read_parameters(reader, union):
    """DECIMAL (5), TIME (7), TIMESTAMP (8) and INTEGER (10) have parameters: two each."""
    first = second = None
    last = 0
    while (field := reader.field(last)):
        last, kind = field
        if union in (7, 8):
            if last == 1:
                first = reader.boolean(kind)
            elif last == 2:
                reader.expect(kind, STRUCT)
                unit = reader.field(0)
                second = _UNITS.get(unit[0], "") if unit else ""
                if unit:
                    reader.skip(unit[1])
                    while (more := reader.field(unit[0])):
                        reader.skip(more[1])
            else:
                reader.skip(kind)
        elif last == 1:
            first = reader.integer(kind)
        elif last == 2:
            second = reader.integer(kind) if union == 5 else reader.boolean(kind)
        else:
            reader.skip(kind)
    if union == 5:
        return Logical("DECIMAL", precision=second or 0, scale=first or 0)
    if union == 10:
        return Logical("INTEGER", first, second is not False) if first in (8, 16, 32, 64) else Logical("OTHER")
    return Logical("TIME" if union == 7 else "TIMESTAMP", utc=bool(first), unit=second or "")


def read_schema(reader, kind):
    """(root Node, all leaves as Column in file order, {name: type} of elements that Spark 3.5 refuses)."""
    count, item = reader.items(kind)
    if count == 0:
        raise reader.error("a schema without elements")
    reader.expect(item, STRUCT)
    elements = [_Element(reader) for _ in range(count)]
    leaves = []
    position, root = _read_node(reader, elements, 0, (), 0, 0, leaves)
    if position < count:
        raise reader.error("schema elements outside the root")
    return root, tuple(leaves), {element.name: element.newer for element in elements if element.newer}


def _read_node(reader, elements, position, path, definition, repetition, leaves):
    """The element at a position with all below it: (position after them, Node)."""
    element, children = elements[position], []
    position += 1
    logical = element.logical_type()
    if element.physical is not None and path:
        length = element.length if element.physical == "FIXED_LEN_BYTE_ARRAY" else 0
        leaves.append(Column(len(leaves), path, element.physical, length, logical, definition, repetition))
        return position, Node(element.name, element.repetition, element.physical, length, logical)
    if len(path) >= MAX_DEPTH:
        raise reader.error(f"a schema deeper than {MAX_DEPTH}")
    for _ in range(element.children):
        if position >= len(elements):
            raise reader.error("a schema with fewer elements than it declares")
        child = elements[position]
        position, node = _read_node(reader, elements, position, path + (child.name,), definition + (child.repetition != 0), repetition
                                    + (child.repetition == 2), leaves)
        children.append(node)
    return position, Node(element.name, element.repetition, None, 0, logical, tuple(children))
