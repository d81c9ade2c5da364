"""Silver's months: which folders they are, their files, and the three columns that are read."""
import dataclasses

from ..common.errors import ConfigurationError, InputError, PartitionError
from ..common.read.catalog import read_table
from ..common.read.references import Place
from ..common.read.sources import exists
from ..common.read.stores import data, is_hidden
from .months import KEYS, folder, list_pinned, month_of, values_of

IDADE, ATIVO, SALARIO = "idade", "ativo", "salario"
COLUMNS = (IDADE, ATIVO, SALARIO)


@dataclasses.dataclass
class Months:
    """files: {(ano, mes): [DataFile]}, months without files included; skipped: leaf folders with other values, 0 with pins."""

    files: dict
    skipped: int


def find_months(run, reference, pinned):
    """The Months of a reference; with pinned, a set of months, only these are looked at.

    Raises PartitionError for a pinned month that does not exist.
    """
    months = _of_place(run, reference, pinned) if isinstance(reference, Place) else _of_table(run, reference, pinned)
    missing = sorted(pinned - set(months.files))
    if missing:
        raise PartitionError(f"{reference.text} has no month ano={missing[0][0]}/mes={missing[0][1]} (--partition)")
    if months.skipped:
        run.log.warning(f"{months.skipped} folders of {reference.text} are skipped: ano and mes are not whole numbers")
    return months


def _of_table(run, reference, pinned):
    table = read_table(run.aws.glue, reference)
    names = [name.lower() for name, _ in table.keys]
    if not all(key in names for key in KEYS):
        raise InputError(f"{reference.text} is not partitioned by ano and mes", file=reference.text)
    files, skipped, owners = {}, 0, {}
    for partition in table.partitions:
        month = month_of(partition.values[names.index(key)] for key in KEYS)
        if month is None:
            skipped += not pinned
            continue
        _claim(reference, owners, partition.place, month, pinned)
        if not pinned or month in pinned:
            found = run.stores.list(partition.place) if exists(run, partition.place) else []
            new = [file for file in data(found, partition.place) if _claim(reference, owners, file.place, month, pinned)]
            files.setdefault(month, []).extend(new)
    return Months(files, skipped)


def _claim(reference, owners, place, month, pinned):
    """Whether a file or a Location is new: one folder may be registered under several spellings of a month, and counts once.

    owners  {uri: month}
    Raises ConfigurationError if it is registered under another month, and one of the two is wanted: its rows would count in both.
    """
    is_new = place.uri not in owners
    owner = owners.setdefault(place.uri, month)
    if owner != month and (not pinned or {owner, month} & pinned):
        first, second = (folder(one) for one in sorted((owner, month)))
        raise ConfigurationError(f"{reference.text} has {place.text} in two partitions, {first} and {second}: its rows would count in both. "
                                 "Correct the Location of one of them in the catalog", file=place.text)
    return is_new


def _of_place(run, root, pinned):
    if not root.is_s3 and run.stores.of(root).stat(root) is None:
        raise ConfigurationError(f"{root.text} does not exist", file=root.text)
    if pinned:
        return Months(list_pinned(run, root, pinned, data), 0)
    files, listed = {}, run.stores.list(root)
    for file in data(listed, root):
        values = values_of(file.path)
        if values is None:  # the rows of a month whose folder is misspelt would be missing, and gold would lose the month
            raise InputError(f"{file.name} is not in a folder ano=V/mes=V (in lower case). Move it to that of its month, or out of "
                             "the source; a name that begins with _ or a dot is not read", file=file.name)
        if month_of(values) is not None:
            files.setdefault(month_of(values), []).append(file)
    # As in the catalog, a folder counts also if there are no data in it.
    folders = {"/".join(file.path.split("/")[:2]): values_of(file.path) for file in listed if not is_hidden(file.folder)}
    skipped = [values for values in folders.values() if values is not None and month_of(values) is None]
    return Months(files, len(skipped))


def columns_of(parquet):
    """{idade, ativo, salario: Column} of a file. Raises InputError for a missing column or another type."""
    found = {}
    for wanted in COLUMNS:
        nodes = [node for node in parquet.columns if node.name == wanted]
        nodes = nodes or [node for node in parquet.columns if node.name.lower() == wanted]
        name = parquet.file.name
        if not nodes:
            raise InputError(f"{name}: the column {wanted} is missing", file=name, column=wanted)
        if len(nodes) > 1:
            raise InputError(f"{name}: columns {nodes[0].name} and {nodes[1].name} both match {wanted}", file=name, column=wanted)
        _check_type(wanted, nodes[0], parquet)
        found[wanted] = nodes[0]
    return found


def _check_type(wanted, node, parquet):
    kind = node.logical.kind
    whole = node.physical in ("INT32", "INT64") and kind in ("NONE", "OTHER", "UNKNOWN", "INTEGER")
    if node.repetition == 2:
        accepted = False
    elif wanted == IDADE:
        accepted = whole and node.logical.signed
    elif wanted == ATIVO:
        accepted = node.physical == "BOOLEAN"
    else:
        accepted = whole or (node.physical in ("FLOAT", "DOUBLE") and kind in ("NONE", "OTHER", "UNKNOWN")) or kind == "DECIMAL"
    if kind == "UNKNOWN":
        accepted = node.repetition != 2 and node.physical is not None  # nothing but nulls
    if not accepted:
        expected = {IDADE: "a signed integer", ATIVO: "boolean", SALARIO: "an integer, float, double or decimal"}[wanted]
        found = node.physical or "a group"
        shown = found if kind in ("NONE", "OTHER") else f"{found} ({node.logical})"
        name = parquet.file.name
        raise InputError(f"{name}: column {node.name} is {shown}, expected {expected}", file=name, column=node.name)
