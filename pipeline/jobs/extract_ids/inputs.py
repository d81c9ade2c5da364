"""Opens both tables: their partitions, the chosen one, and its files."""
import os
from dataclasses import dataclass

from ..common.errors import ConfigurationError
from ..common.read import references
from ..common.read.aws import aws_errors, code_of
from .catalog import choice, folders, glue
from .catalog.formats import ensure_plain
from .catalog.location import Location, circles_refused, refuse_special
from .catalog.names import split_partitions
from .plan.files import plan_table


@dataclass(frozen=True)
class ListSource:
    """A list of CPFs, pinned."""
    location: Location
    file: object


def open_list(run):
    """Pins the list.

    :raises ConfigurationError: it does not exist, or is not a file
    """
    place = references.place(run.options.table_a)
    with circles_refused():
        file = run.stores.of(place).stat(place)
    if file is None or (not place.is_s3 and os.path.isdir(place.path)):
        raise ConfigurationError(f"The list of CPFs does not exist: {place.text}; check --table-a", file=place.text)
    if not place.is_s3:
        refuse_special(place.path)
    return ListSource(Location(run.stores, place), file)


def plan_b(run, selection, now):
    """The Plan of Table B. The age of its partition is checked."""
    options = run.options
    plan = plan_table(selection, options.key_column_b, options.id_column, options.on_empty_partition == "previous")
    choice.check_age(plan.table, plan.candidate, options.max_partition_age, now)
    return plan


def select_a(run, now):
    return _select(run, run.options.table_a, run.options.partition_a, now, "--partition-a")


def plan_a(run, selection):
    """The Plan of Table A, which may have no rows: that is bad input, found when its keys are counted."""
    return plan_table(selection, run.options.key_column_a, use_previous=run.options.on_empty_partition == "previous", may_be_empty=True)


def select_b(run, now):
    return _select(run, run.options.table_b, run.options.partition, now, "--partition")


def _select(run, reference, pin, now, option):
    found = references.parse(reference)
    if isinstance(found, references.TableReference):
        table, partitions = _glue_table(run, found, pin, now, option)
    else:
        named, outer = Location(run.stores, found), split_partitions(found.path)
        root = named if not outer else list(named.above())[len(outer) - 1]
        # Before anything is listed: the folders of such a table may look like partitions that do
        # not go together.
        ensure_plain(named)
        table, partitions = folders.read_table(named, root, outer)
    return choice.select(table, partitions, pin or [], now, run.options.allow_future_partition, option)


def _glue_table(run, reference, pin, now, option):
    catalog = reference.catalog_id or run.options.catalog_id
    names = {"CatalogId": catalog} if catalog else {}
    description, database = _describe(run, reference.text, reference.database, reference.table, names)
    link = description.get("TargetTable")
    if link:
        names = {"CatalogId": link["CatalogId"]} if link.get("CatalogId") else names
        description, database = _describe(run, reference.text, link["DatabaseName"], link["Name"], names)

    def list_partitions():
        request, seen = {"DatabaseName": database, "TableName": description["Name"], "ExcludeColumnSchema": True, **names}, set()
        while True:
            with aws_errors(f"glue:GetPartitions {reference.text}"):
                page = run.aws.glue.get_partitions(**request)
            yield from page.get("Partitions", ())
            token = page.get("NextToken")
            if not token:
                return
            if token in seen:
                raise ConfigurationError(f"{reference.text}: GetPartitions returns the same page again")
            seen.add(token)
            request["NextToken"] = token

    return glue.read_table(description, list_partitions, reference.text,
                           lambda uri: Location(run.stores, references.location(uri, reference.text)), pin, now, option)


def _describe(run, text, database, table, names):
    with aws_errors(f"glue:GetTable {text}"):
        try:
            return run.aws.glue.get_table(DatabaseName=database, Name=table, **names)["Table"], database
        except run.aws.glue.exceptions.ClientError as error:
            if code_of(error) == "EntityNotFoundException":
                raise ConfigurationError(f"{text} does not exist in the Data Catalog; check the reference, the region and "
                                         f"--catalog-id") from None
            raise
