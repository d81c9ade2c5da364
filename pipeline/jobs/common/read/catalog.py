"""Tables of the Glue Data Catalog, for input."""
import dataclasses

from ..errors import ConfigurationError
from .aws import aws_errors
from .references import Place, location


@dataclasses.dataclass(frozen=True)
class Partition:
    """Values in the order of the table's keys, and where the files are."""

    values: tuple
    place: Place


@dataclasses.dataclass(frozen=True)
class Table:
    """A table, its partition keys [(name, type)] and all of its partitions."""

    text: str
    place: Place
    keys: tuple
    partitions: tuple


def read_table(glue, reference):
    """The table of a TableReference. Partitions are read to the last page."""
    names = {"CatalogId": reference.catalog_id} if reference.catalog_id else {}
    with aws_errors(f"glue:GetTable {reference.text}"):
        table = glue.get_table(DatabaseName=reference.database, Name=reference.table, **names)["Table"]
    keys = tuple((key["Name"], key.get("Type", "string")) for key in table.get("PartitionKeys", []))
    place = location(table.get("StorageDescriptor", {}).get("Location", ""), reference.text)
    partitions = tuple(_partitions(glue, reference, names, keys)) if keys else ()
    return Table(reference.text, place, keys, partitions)


def _partitions(glue, reference, names, keys):
    request = {"DatabaseName": reference.database, "TableName": reference.table, "ExcludeColumnSchema": True, **names}
    seen = set()
    while True:
        with aws_errors(f"glue:GetPartitions {reference.text}"):
            page = glue.get_partitions(**request)
        for entry in page.get("Partitions", []):
            values = tuple(entry.get("Values", []))
            if len(values) != len(keys):
                raise ConfigurationError(
                    f"{reference.text} has a partition of {len(values)} values for {len(keys)} keys: repair the catalog")
            yield Partition(values, location(entry.get("StorageDescriptor", {}).get("Location", ""), f"a partition of {reference.text}"))
        token = page.get("NextToken")
        if not token:
            return
        if token in seen:
            raise ConfigurationError(f"{reference.text}: GetPartitions returns the same page again")
        seen.add(token)
        request["NextToken"] = token
