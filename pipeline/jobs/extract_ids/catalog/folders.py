"""A table that is known by its folders alone: key=value/key=value/... below one root, as Hive
and Spark lay them out.
"""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ...common.errors import ConfigurationError, InputError, PartitionError
from .choice import Partition, Table
from .names import folded, has_hidden_part, is_hidden, parse_folder, refuse_name

PARALLELISM = 16
MAX_LEVELS = 64


@dataclass(frozen=True)
class _Folder:
    """A partition folder: its values, those of the folders above it included."""
    location: object
    values: tuple

    @property
    def depth(self):
        return len(self.values)


def read_table(named, table, outer):
    """Walks the partition folders below a named folder, level by level.

    :param named: Location that the reference names
    :param table: Location of the table: the same, or the nearest folder above that is not a
        partition folder
    :param outer: ((key, value), ...) of the partition folders between the two
    :returns: (Table, [Partition]); a folder without partition folders is a table without keys
    :raises ConfigurationError: there is no such folder
    :raises PartitionError: the table is there, and the named partition is not
    :raises InputError: folders disagree on the partition keys
    """
    if outer and not named.exists():
        if not table.exists():
            raise _missing(table)
        raise PartitionError(f"The named partition does not exist: {named}; check the path, or wait until the partition has been written",
                             file=str(named))
    top, keys, leaves, strays = _Folder(named, tuple(outer)), [key for key, _ in outer], [], []
    level = _children(top, strays)
    if not level and outer:
        leaves.append(top)
    if not level and not outer and not named.exists():
        raise _missing(named)
    with ThreadPoolExecutor(PARALLELISM) as pool:
        while level:
            if level[0].depth > MAX_LEVELS:
                raise InputError(f"Partition folders are nested deeper than {MAX_LEVELS} levels: {level[0].location}",
                                 file=str(level[0].location))
            _check_keys(keys, level)
            for folder in level:
                refuse_name(*str(folder.location).rsplit("/", 1))
            keys.append(level[0].values[-1][0])
            found = list(pool.map(lambda folder: _children(folder, strays), level))
            leaves += [folder for folder, children in zip(level, found) if not children]
            level = [child for children in found for child in children]
    _check_depth(leaves, len(keys))
    partitions = [Partition(leaf.values, leaf.location) for leaf in leaves]
    return Table(str(named), named, tuple(keys), len(outer), tuple(sorted(strays))), partitions


def _missing(location):
    return ConfigurationError(f"The table's folder does not exist: {location}; check the path, and that the table has been written",
                              file=str(location))


def _children(parent, strays):
    """Partition folders in a folder. Hidden folders, folders of other names and files next to
    them are not partitions. A folder without any holds data.
    """
    children, others = [], []
    for name, is_folder in parent.location.entries():
        if is_hidden(name):
            continue
        pair = parse_folder(name) if is_folder else None
        if pair:
            children.append(_Folder(parent.location.child(name), parent.values + (pair,)))
        else:
            others.append((f"{str(parent.location).rstrip('/')}/{name}", "is next to partition folders"))
    if children:
        strays.extend(others)
    return children


def _check_keys(outer, level):
    key = level[0].values[-1][0]
    if folded(key) in map(folded, outer):
        raise InputError(f"The partition key '{key}' appears at two levels of folders: {level[0].location}; give every level a key of its "
                         f"own", file=str(level[0].location), column=key)
    other = next((folder for folder in level if folded(folder.values[-1][0]) != folded(key)), None)
    if other:
        raise InputError(f"Folders of one level have different partition keys: {level[0].location} and {other.location}; move one of them "
                         f"out of the table",
                         file=str(other.location))


def _check_depth(leaves, depth):
    """Every partition has all keys. A folder that stops early is skipped only if no file in it
    would be missed.
    """
    for leaf in leaves:
        if leaf.depth == depth:
            continue
        for file in leaf.location.files():
            if file.size and not has_hidden_part(file.path):
                raise InputError(f"Partition folders are nested to different depths: {leaf.location} holds data at level {leaf.depth} of "
                                 f"{depth}; move it out of the table",
                                 file=str(leaf.location))
