"""All files of a reference: a folder, one file, or the Locations of a catalog table."""
import dataclasses

from .catalog import read_table
from .references import Place
from .stores import visible


def list_source(run, reference):
    """(root, files): visible files of the reference, 0-byte ones too.

    Paths are relative to root, or whole where a Location is elsewhere.
    """
    if isinstance(reference, Place):
        files = visible(run.stores.list(reference), reference)
        if [file.place.path for file in files] == [reference.path]:
            return _parent(reference), files
        return reference, files
    table = read_table(run.aws.glue, reference)
    places = [partition.place for partition in table.partitions if exists(run, partition.place)] if table.keys else [table.place]
    found = {}
    for place in places:
        for file in visible(run.stores.list(place), place):
            found.setdefault(file.uri, dataclasses.replace(file, path=_relative(table.place, file)))
    return table.place, list(found.values())


def exists(run, place):
    """A registered partition whose folder is gone has no files. In S3 folders do not exist anyway."""
    return place.is_s3 or run.stores.of(place).stat(place) is not None


def _relative(root, file):
    prefix = root.uri.rstrip("/") + "/"
    return file.uri[len(prefix):] if file.uri.startswith(prefix) else file.uri


def _parent(place):
    return Place(place.text.rpartition("/")[0], place.bucket, place.path.rpartition("/")[0])
