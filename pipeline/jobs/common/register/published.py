"""Registers what was published: the table, new partitions, removed ones."""
from ..publish.publication import DATA_FILE
from ..read.stores import visible
from .glue_table import CatalogTable


def register(run, target, columns, keys, partitions, is_gone=None, fixed=None, identity=None):
    """The report's `catalog`. partitions are tuples of values in the order of the keys.

    columns  [(name, type)]
    keys     [(name, type)]
    is_gone  values of a registered partition -> whether it is to be removed
    fixed    as in CatalogTable.synchronise
    identity values -> what is equal for all spellings of a partition. One that is registered at its own Location in another spelling stays
             so: with a second registration, readers would see its rows twice
    """
    database, name = run.options.register
    table = CatalogTable(run, run.options.register, run.options.catalog_location or location_of(target), columns, keys)
    table.synchronise(fixed)
    others = table.spelled_otherwise(partitions, identity) if identity else {}
    kept = set(others.values())
    added = table.add([values for values in partitions if values not in others])
    gone = table.remove(lambda values: values not in kept and is_gone(values)) if is_gone else []
    run.log.info(f"registered {database}.{name}: {len(added)} partitions added, {len(gone)} removed")
    return {"table": f"{database}.{name}", "partitions_added": _folders(keys, added), "partitions_removed": _folders(keys, gone)}


def refuse_other_kinds(run):
    """Before a run publishes: raises ConfigurationError if the table of --register is a view, or of a format such as Iceberg."""
    if run.options.register:
        CatalogTable(run, run.options.register, "", [], []).existing()


def location_of(target):
    """The target as a Location: as the user wrote it if it has a scheme."""
    return target.text if "://" in target.text else target.uri


def published_partitions(run, target, keys):
    """Values of the partitions that the target has: folders k=v/k=v with the published file."""
    found = set()
    for file in visible(run.stores.list(target), target):
        parts = file.path.split("/")
        pairs = [part.partition("=") for part in parts[:-1]]
        if parts[-1] == DATA_FILE and [name for name, _, _ in pairs] == list(keys):
            found.add(tuple(value for _, _, value in pairs))
    return sorted(found)


def _folders(keys, partitions):
    return sorted("/".join(f"{name}={value}" for (name, _), value in zip(keys, values)) for values in partitions)
