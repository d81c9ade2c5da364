"""A table that is known by its folders alone: key=value/key=value/... below one root, as Hive and Spark lay them out."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ...common.errors import ConfigurationError, InputError
from .choice import Partition, Table
from .formats import refuse_inside_table_format, refuse_table_format
from .names import has_hidden_part, is_hidden, parse_folder

PARALLELISM = 16
MAX_LEVELS = 64


@dataclass
class _Folder:
    location: object
    pair: tuple = None
    parent: object = None
    depth: int = 0
    children: list = field(default_factory=list)

    @property
    def values(self):
        return (self.parent.values if self.parent else ()) + ((self.pair,) if self.pair else ())


def read_table(root, name):
    """Walks the partition folders level by level.

    :param root: a Location
    :param name: of the table, for messages
    :returns: (Table, [Partition]); a root without partition folders is a table without keys
    :raises ConfigurationError: there is no such folder, or a table format's log decides which files count
    :raises InputError: folders disagree on the partition keys
    """
    refuse_inside_table_format(root)
    refuse_table_format(root)
    level, keys, leaves = _children(_Folder(root)), [], []
    if not level and not root.exists():
        raise ConfigurationError(f"The table's folder does not exist: {name}; check the path, and that the table has been written", file=name)
    with ThreadPoolExecutor(PARALLELISM) as pool:
        while level:
            if level[0].depth > MAX_LEVELS:
                raise InputError(f"Partition folders are nested deeper than {MAX_LEVELS} levels: {level[0].location}", file=str(level[0].location))
            _check_keys(keys, level)
            keys.append(level[0].pair[0])
            found = list(pool.map(_children, level))
            leaves += [folder for folder, children in zip(level, found) if not children]
            level = [child for children in found for child in children]
    _check_depth(leaves, len(keys))
    return Table(name, root, tuple(keys)), [Partition(leaf.values, leaf.location) for leaf in leaves]


def _children(parent):
    """Partition folders in a folder. Hidden folders and folders of other names next to them are not partitions."""
    children = []
    for name in parent.location.folders():
        pair = None if is_hidden(name) else parse_folder(name)
        if pair:
            children.append(_Folder(parent.location.child(name), pair, parent, parent.depth + 1))
    return children


def _check_keys(outer, level):
    key = level[0].pair[0]
    if key.lower() in (other.lower() for other in outer):
        raise InputError(f"The partition key '{key}' appears at two levels of folders: {level[0].location}; give every level a key of its own", file=str(level[0].location), column=key)
    other = next((folder for folder in level if folder.pair[0].lower() != key.lower()), None)
    if other:
        raise InputError(f"Folders of one level have different partition keys: {level[0].location} and {other.location}; move one of them out of the table",
                         file=str(other.location))


def _check_depth(leaves, depth):
    """Every partition has all keys. A folder that stops early is skipped only if no file in it would be missed."""
    for leaf in leaves:
        if leaf.depth == depth:
            continue
        for file in leaf.location.files():
            if file.size and not has_hidden_part(file.path):
                raise InputError(f"Partition folders are nested to different depths: {leaf.location} holds data at level {leaf.depth} of {depth}; move it out of the table",
                                 file=str(leaf.location))
