"""Finds a column of one file by its name, and the family of its type: types whose values compare
and print alike.
"""
from dataclasses import dataclass

from ...common.errors import InputError
from ..catalog.names import folded

KEY, ID = "key", "id"
NOTHING, BYTES, NUMBER, UUID = "nothing", "bytes", "number", "uuid"
MAX_SCALE = 1024
NAMES_SHOWN = 12
_TEXTS = ("STRING", "ENUM", "JSON", "BSON")


@dataclass(frozen=True)
class Family:
    """Bytes: BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY, with or without STRING, ENUM, JSON, BSON.
    Numbers of one scale: integers and DECIMAL. UUIDs. A column that is always null agrees with
    all.
    """
    kind: str
    scale: int = 0

    def agrees_with(self, other):
        return NOTHING in (self.kind, other.kind) or self == other


def family_of(column, role):
    """None if the column cannot be used for this: floats, booleans, dates, times, INT96, and
    decimals with a scale as keys.
    """
    logical = column.logical
    is_bytes = column.physical == "BYTE_ARRAY" or (column.physical == "FIXED_LEN_BYTE_ARRAY" and column.length >= 1)
    is_integer = column.physical in ("INT32", "INT64")
    if logical.kind == "UNKNOWN":
        return Family(NOTHING) if column.definition > 0 else None
    if logical.kind == "DECIMAL":
        most = 0 if role == KEY else MAX_SCALE
        return Family(NUMBER, logical.scale) if (is_bytes or is_integer) and 0 <= logical.scale <= most else None
    if logical.kind == "UUID":
        return Family(UUID) if is_bytes else None
    if logical.kind == "INTEGER":
        return Family(NUMBER) if is_integer else None
    if logical.kind in _TEXTS:
        return Family(BYTES) if is_bytes else None
    if logical.kind in ("NONE", "OTHER"):
        return Family(BYTES) if is_bytes else Family(NUMBER) if is_integer else None
    return None


def resolve(footer, name):
    """The column: its exact name, otherwise case-insensitively, among the top-level columns only.

    :raises InputError: it is missing, ambiguous or nested
    """
    leaves = [column for column in footer.columns if column.path[0] == name]
    if not leaves:
        leaves = [column for column in footer.columns if folded(column.path[0]) == folded(name)]
    if not leaves:
        known = list(dict.fromkeys(column.path[0] for column in footer.columns))
        shown = ", ".join(f"'{one}'" for one in known[:NAMES_SHOWN]) + (f" and {len(known) - NAMES_SHOWN} more"
                                                                        if len(known) > NAMES_SHOWN else "")
        raise InputError(f"The column '{name}' is missing in {footer.file}; it has {shown or 'no columns'}; check the name, or remove the "
                         f"file from the table", file=footer.file, column=name)
    names = list(dict.fromkeys(column.path[0] for column in leaves))
    if len(names) > 1 or sum(len(column.path) == 1 for column in leaves) > 1:
        raise InputError(f"Two columns of {footer.file} could be '{name}': {' and '.join(repr(one) for one in names[:NAMES_SHOWN])}; give "
                         f"the exact name of one of them",
                         file=footer.file, column=name)
    column = leaves[0]
    if not column.is_flat:
        found = f"{column.type_text}" if len(leaves) == 1 else f"a group of {len(leaves)} columns"
        raise InputError(f"The column '{name}' of {footer.file} is nested or repeated: {found}; name another column, or flatten this one",
                         file=footer.file, column=name)
    return column


class Agreement:
    """Checks one column of all files of a partition: the types can be used, and go together."""

    def __init__(self, name, role):
        self.name, self.role = name, role
        self.family = self._first = self._first_file = None

    def resolve(self, footer):
        """The column in one more file.

        :raises InputError: as `resolve`; the type cannot be used, or differs from that in an earlier file
        """
        column = resolve(footer, self.name)
        family = family_of(column, self.role)
        if family is None:
            wanted = "text, bytes, an integer or DECIMAL with scale 0" if self.role == KEY else "text, bytes, an integer, DECIMAL or UUID"
            raise InputError(f"The type of the {self.role} column '{column.name}' of {footer.file} cannot be used: {column.type_text}, "
                             f"expected {wanted}; "
                             "name another column, or write this one as text", file=footer.file, column=column.name)
        if self.family and not self.family.agrees_with(family):
            raise InputError(f"The column '{column.name}' of {footer.file} is {column.type_text}, but {self._first.type_text} in "
                             f"{self._first_file}; "
                             "write all files of the partition with one type", file=footer.file, column=column.name)
        if self.family is None or self.family.kind == NOTHING:
            self.family, self._first, self._first_file = family, column, footer.file
        return column
