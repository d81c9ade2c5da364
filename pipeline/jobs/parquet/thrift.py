"""Reads Thrift's compact protocol, as far as Parquet footers use it.

Every length is checked against the bytes that are left before it is used, so a damaged footer costs
an error and never memory.
"""

BOOL_TRUE, BOOL_FALSE, I8, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID = range(1, 14)
MAX_DEPTH = 64
_FIXED = {BOOL_TRUE: 0, BOOL_FALSE: 0, I8: 1, DOUBLE: 8, UUID: 16}


class ThriftError(ValueError):
    """The bytes are not what the compact protocol allows. The message names the position and
    never a value.
    """


class CompactReader:
    """A cursor over bytes. `field()` and `skip()` are all that a caller of structures needs:

        last = 0
        while (field := reader.field(last)):
            last, kind = field
            if last == 3: rows = reader.integer(kind)
            else: reader.skip(kind)
    """

    def __init__(self, data, position=0):
        self.data, self.position = data, position

    def error(self, problem):
        return ThriftError(f"{problem} at byte {self.position} of the footer")

    def byte(self):
        try:
            value = self.data[self.position]
        except IndexError:
            raise self.error("the footer ends in the middle of a value") from None
        self.position += 1
        return value

    def varint(self):
        value = shift = 0
        while True:
            part = self.byte()
            value |= (part & 0x7F) << shift
            if part < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise self.error("a number of more than 64 bits")

    def field(self, last):
        """The next field as (id, type), or None at the end of the structure."""
        head = self.byte()
        if head == 0:
            return None
        kind, delta = head & 0x0F, head >> 4
        if kind == 0 or kind > UUID:
            raise self.error(f"unknown type {kind}")
        if delta:
            return last + delta, kind
        number = self.varint()
        return (number >> 1) ^ -(number & 1), kind

    def integer(self, kind):
        if kind == I8:
            value = self.byte()
            return value - 256 if value > 127 else value
        if kind not in (I16, I32, I64):
            raise self.error(f"type {kind} where a number is expected")
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def boolean(self, kind):
        if kind not in (BOOL_TRUE, BOOL_FALSE):
            raise self.error(f"type {kind} where a boolean is expected")
        return kind == BOOL_TRUE

    def binary(self, kind):
        if kind != BINARY:
            raise self.error(f"type {kind} where text is expected")
        length = self.varint()
        end = self.position + length
        if end > len(self.data):
            raise self.error("a text that is longer than the footer")
        value = bytes(self.data[self.position:end])
        self.position = end
        return value

    def items(self, kind):
        """The head of a list: (count, type of the items)."""
        if kind not in (LIST, SET):
            raise self.error(f"type {kind} where a list is expected")
        head = self.byte()
        count, item = head >> 4, head & 0x0F
        if count == 15:
            count = self.varint()
        # Some writers give an empty list no type.
        if count and (item == 0 or item > UUID):
            raise self.error(f"unknown type {item}")
        # Every item takes a byte at least.
        if count > len(self.data) - self.position:
            raise self.error("a list that is longer than the footer")
        return count, item

    def expect(self, kind, wanted):
        if kind != wanted:
            raise self.error(f"type {kind} where type {wanted} is expected")

    def skip(self, kind, depth=0):
        """Skips a value of a field."""
        if kind in (BOOL_TRUE, BOOL_FALSE):
            return
        self._skip(kind, depth)

    def _skip(self, kind, depth):
        if depth > MAX_DEPTH:
            raise self.error(f"structures nested deeper than {MAX_DEPTH}")
        if kind in (I16, I32, I64):
            while self.byte() >= 0x80:
                pass
        elif kind == BINARY:
            self._advance(self.varint())
        elif kind == STRUCT:
            last = 0
            while (found := self.field(last)):
                last, inner = found
                if inner > BOOL_FALSE:
                    self._skip(inner, depth + 1)
        elif kind in (LIST, SET):
            count, item = self.items(kind)
            self._skip_items(count, item, depth)
        elif kind == MAP:
            count = self.varint()
            if count > len(self.data) - self.position:
                raise self.error("a map that is longer than the footer")
            if count:
                kinds = self.byte()
                for _ in range(count):
                    self._skip_items(1, kinds >> 4, depth)
                    self._skip_items(1, kinds & 0x0F, depth)
        elif kind in _FIXED:
            self._advance(_FIXED[kind])
        else:
            raise self.error(f"unknown type {kind}")

    def _skip_items(self, count, item, depth):
        if item in (BOOL_TRUE, BOOL_FALSE, I8):
            self._advance(count)
        else:
            for _ in range(count):
                self._skip(item, depth + 1)

    def _advance(self, count):
        self.position += count
        if self.position > len(self.data):
            raise self.error("a value that is longer than the footer")
