"""Folders ano=V/mes=V, in silver and in gold."""
import dataclasses
import re
import urllib.parse

from ..common.read.stores import is_hidden

KEYS = ("ano", "mes")
INT_MAX = 2 ** 31 - 1
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


def number(text):
    """A partition value as a whole number, or None: '09' is 9. It has to fit the catalog's int."""
    if not WHOLE_NUMBER.fullmatch(text):
        return None
    value = int(text)
    return value if -INT_MAX - 1 <= value <= INT_MAX else None


def folder(month):
    """The folder that gold uses: numbers, unpadded."""
    return f"{KEYS[0]}={month[0]}/{KEYS[1]}={month[1]}"


def values_of(path):
    """(ano, mes) of a file's path as text, or None where it is not in a folder ano=V/mes=V."""
    parts = path.split("/")[:-1]
    values = tuple(_value(part, key) for part, key in zip(parts, KEYS))
    return values if len(values) == 2 and None not in values else None


def month_of(values):
    """The month of two texts, or None if one is not a whole number."""
    month = tuple(number(value) for value in values)
    return None if None in month else month


def texts_of(month):
    """The values of a month in gold's folders and in the catalog; of None, none."""
    return () if month is None else tuple(str(value) for value in month)


def list_pinned(run, root, pinned, keep):
    """{month: [DataFile]} of the pinned months. Folders are listed level by level, so that no other month's files are.

    keep: which files count (stores.data or stores.visible).
    """
    files = {}
    for first, ano in _children(run, root, KEYS[0]):
        if ano not in {month[0] for month in pinned}:
            continue
        for second, mes in _children(run, root.child(first), KEYS[1]):
            if (ano, mes) in pinned:
                place = root.child(f"{first}/{second}")
                found = keep(run.stores.list(place), place)
                files.setdefault((ano, mes), []).extend(dataclasses.replace(file, path=f"{first}/{second}/{file.path}") for file in found)
    return files


def _children(run, place, key):
    """[(folder, number)] of the folders key=number directly below a place."""
    names = [name for name in run.stores.of(place).folders(place) if not is_hidden(name)]
    values = [(name, _value(name, key)) for name in names]
    return [(name, number(value)) for name, value in values if value is not None and number(value) is not None]


def _value(part, key):
    """Value of a folder key=value, decoded, or None."""
    name, equals, value = part.partition("=")
    return urllib.parse.unquote(value) if equals and name == key else None
