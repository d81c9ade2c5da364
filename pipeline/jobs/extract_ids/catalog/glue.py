"""A table of the Glue Data Catalog, with its partitions or its partition projection."""
from ...common.errors import ConfigurationError, InputError
from .choice import Partition, Table
from .formats import ensure_plain
from .projection import is_enabled, projected_partitions

_FORMATS = (("iceberg", "an Iceberg table"), ("delta", "a Delta Lake table"), ("hudi", "a Hudi table"), ("hoodie", "a Hudi table"))
_MARKS = ("table_type", "spark.sql.sources.provider", "classification")


def read_table(description, list_partitions, name, open_location, pin, now, option="--partition"):
    """The table and its partitions.

    :param description: the Table of GetTable
    :param list_partitions: () -> iterable of the Partitions of GetPartitions, to the last page
    :param open_location: URI -> Location
    """
    ensure_readable(name, description)
    keys = tuple(key["Name"] for key in description.get("PartitionKeys") or ())
    location = description["StorageDescriptor"]["Location"]
    table = Table(name, open_location(location), keys)
    ensure_plain(table.location)
    if not keys:
        return table, []
    if is_enabled(description.get("Parameters") or {}):
        return table, list(projected_partitions(name, keys, description["Parameters"], location, open_location, pin, now, option))
    return table, [_partition(name, keys, partition, open_location) for partition in list_partitions()]


def _partition(name, keys, partition, open_location):
    values = tuple((keys[place] if place < len(keys) else "", text) for place, text in enumerate(partition.get("Values") or ()))
    location = (partition.get("StorageDescriptor") or {}).get("Location")
    if not location:
        raise InputError(f"A partition of {name} has no Location in the Data Catalog: "
                         f"{'/'.join(f'{key}={text}' for key, text in values)}; give it one, or drop it", file=name)
    return Partition(values, open_location(location))


def ensure_readable(name, table):
    """Refuses what is not a folder of Parquet files: views, federated tables, table formats with
    a log, other file formats.
    """
    storage, parameters = table.get("StorageDescriptor") or {}, {key.lower(): text for key, text in (table.get("Parameters") or {}).items()}
    serde = (storage.get("SerdeInfo") or {}).get("SerializationLibrary") or ""
    formats = storage.get("InputFormat") or ""
    if table.get("IsMaterializedView") or "VIEW" in (table.get("TableType") or "").upper():
        raise _refused(name, "a view, which has no files of its own", "name the table that the view reads")
    if table.get("FederatedTable"):
        raise _refused(name, "a federated table, whose data is not in files", "name a table of Parquet files")
    marks = [parameters.get(mark) or "" for mark in _MARKS] + [formats, serde, (table.get("TableType") or "")]
    for mark, found in _FORMATS:
        if any(mark in text.lower() for text in marks):
            raise _refused(name, found,
                           "write its latest rows to a table of Parquet files first, since only its log says which of its files count")
    if not storage.get("Location"):
        raise _refused(name, "a table without a Location", "give the table a Location")
    if "SymlinkTextInputFormat" in formats:
        raise _refused(name, "a table of manifests that point to its files", "convert the table to Parquet")
    stated = [text for text in (serde, formats, parameters.get("classification"), parameters.get("spark.sql.sources.provider")) if text]
    if stated and not any("parquet" in text.lower() for text in stated):
        raise _refused(name, f"not Parquet but '{stated[0]}'", "convert the table to Parquet")


def _refused(name, found, advice):
    return ConfigurationError(f"The table {name} cannot be read: it is {found}; {advice}", file=name)
