"""Which field of a bronze schema becomes which silver column."""
import dataclasses

from pyspark.sql import types as T

from ..common.errors import InputError
from .columns import DROPPED, KEYS, MAX_ADDED, NAMES, READ, STRUCTS


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of bronze as its schema spells it."""

    path: tuple
    type: T.DataType


@dataclasses.dataclass(frozen=True)
class Layout:
    """The fields of one schema.

    known   {silver column: Field}; columns that are missing are not in it
    broken  [(top-level field of the table, Field)]: not a struct where the table has one
    added   {new silver column: Field}: fields that the table does not know
    """

    known: dict
    broken: list
    added: dict


def layout_of(schema, file=None):
    """The Layout of a bronze schema. Raises InputError for names that are ambiguous."""
    known, broken, added = {}, [], {}
    columns = {tuple(part.lower() for part in column.path): column.name for column in READ}
    taken = {name.lower() for name in (*NAMES, *KEYS)}

    def visit(fields, above, lower_above):
        _refuse_ambiguous(fields, above, file)
        for field in fields:
            path, lower = (*above, field.name), (*lower_above, field.name.lower())
            if not above and lower[0] in DROPPED:
                continue
            if lower in columns:
                known[columns[lower]] = Field(path, field.dataType)
            elif lower in STRUCTS and not isinstance(field.dataType, T.StructType):
                broken.append((STRUCTS[lower], Field(path, field.dataType)))
            elif isinstance(field.dataType, T.StructType):
                visit(field.dataType.fields, path, lower)
            else:
                _add("_".join(lower), Field(path, field.dataType))

    def _add(name, field):
        if name in taken or name in added:
            raise InputError(f"{_at(file)}two columns would have the name {name}", file=file, column=name)
        added[name] = field

    visit(schema.fields, (), ())
    refuse_too_many(added, file)
    order = list(dict.fromkeys(STRUCTS.values()))
    broken.sort(key=lambda pair: order.index(pair[0]))
    return Layout(known, broken, added)


def added_names(layouts):
    """Names of the added columns of [(Layout, file)], by bytes. Raises InputError where two files have other fields for one name."""
    paths = {}
    for layout, file in layouts:
        for name, field in layout.added.items():
            path = tuple(part.lower() for part in field.path)
            if paths.setdefault(name, path) != path:
                raise InputError(f"{_at(file)}the field {'.'.join(field.path)} would have the name {name}, as {'.'.join(paths[name])} of "
                                 "another file", file=file, column=name)
    refuse_too_many(paths)
    return by_bytes(paths)


def refuse_too_many(added, file=None):
    if len(added) > MAX_ADDED:
        raise InputError(f"{_at(file)}{len(added)} columns that the table does not know; at most {MAX_ADDED} are added. "
                         "Is this the right source?", file=file)


def by_bytes(names):
    """Names in the order of their UTF-8 bytes."""
    return sorted(names, key=lambda name: name.encode("utf-8"))


def _refuse_ambiguous(fields, above, file):
    seen = {}
    for field in fields:
        lower = field.name.lower()
        if lower in seen:
            name = ".".join((*above, field.name))
            raise InputError(f"{_at(file)}{same_column('.'.join((*above, seen[lower])), name)}", file=file, column=name)
        seen[lower] = field.name


def same_column(first, second):
    """What is wrong with two columns of which at most the case of letters tells one from the other."""
    return f"two columns have the name {first}" if first == second else f"columns {first} and {second} differ only by case"


def _at(file):
    return f"{file}: " if file else ""
