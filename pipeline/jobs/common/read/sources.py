"""All files of a reference: a folder, one file, or the Locations of a catalog table."""
import dataclasses

from .catalog import read_table
from .references import Place
from .stores import visible


def list_source(run, reference):
    """Visible files of the reference, 0-byte ones too. Paths are relative to it, or whole where a Location is elsewhere."""
    if isinstance(reference, Place):
        return visible(run.stores.list(reference))
    table = read_table(run.aws.glue, reference)
    places = [partition.place for partition in table.partitions] if table.keys else [table.place]
    found = {}
    for place in places:
        for file in visible(run.stores.list(place)):
            found.setdefault(file.uri, dataclasses.replace(file, path=_relative(table.place, file)))
    return list(found.values())


def _relative(root, file):
    prefix = root.uri.rstrip("/") + "/"
    return file.uri[len(prefix):] if file.uri.startswith(prefix) else file.uri
