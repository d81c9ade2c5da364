"""What a partition of the target holds before it is replaced: our file, and files of other writers."""
import dataclasses
import os

from ..errors import ConfigurationError
from ..read.stores import visible
from .publication import DATA_FILE


def partition_files(run, target, folder):
    """(current, foreign): data.parquet of a partition folder (DataFile or None), and the visible files of other writers.

    Paths are relative to the target. A data.parquet of 0 bytes counts: it is there, and is replaced.
    """
    place = target.child(folder)
    store = run.stores.of(place)
    if not place.is_s3 and store.stat(place) is None:
        return None, []
    files = [dataclasses.replace(file, path=f"{folder}/{file.path}") for file in visible(store.list(place), place)]
    current = next((file for file in files if file.path == f"{folder}/{DATA_FILE}"), None)
    return current, [file for file in files if file is not current]


def refuse_foreign(target, folder, foreign, adopt):
    """Raises ConfigurationError if another writer filled the folder and --adopt was not given, or what it made cannot be replaced."""
    if foreign and not adopt:
        name = f"{target.text.rstrip('/')}/{folder}"
        raise ConfigurationError(
            f"{name} holds {len(foreign)} files of another writer besides {DATA_FILE}. Move them, or let --adopt take the folder over",
            file=name)
    refuse_folder(target.child(f"{folder}/{DATA_FILE}"))


def refuse_folder(place):
    """Raises ConfigurationError if a folder on disk, such as another writer's, has the name of a file that is to be published."""
    if not place.is_s3 and os.path.isdir(place.path):
        raise ConfigurationError(f"{place.text} is a folder of another writer, and a file of this name is to be published. Move the folder "
                                 "out of the target", file=place.text)
