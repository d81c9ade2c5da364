"""Refuses folders of table formats with a log: only the log says which files count."""
from ...common.errors import ConfigurationError

_FOLDERS = {"_delta_log": "Delta Lake", ".hoodie": "Apache Hudi"}
_HUDI_PARTITION = ".hoodie_partition_metadata"
_ICEBERG = "metadata"


def ensure_plain(location, clean=None):
    """Looks at a folder and at those above it.

    :param clean: a folder above that was checked with everything above it; None to climb to the top
    :raises ConfigurationError: one of them is the root of such a table; names the format and the folder
    """
    stop = str(clean).rstrip("/") if clean is not None else None
    for level in (location, *location.above()):
        if stop is not None and str(level).rstrip("/") == stop:
            return
        _refuse_root(location, level)


def _refuse_root(location, level):
    for mark, found in _FOLDERS.items():
        if level.has_folder(mark):
            raise _refused(location, found, level)
    if level.has_folder(_ICEBERG) and any("/" not in file.path and _is_iceberg(file.path) for file in level.child(_ICEBERG).files()):
        raise _refused(location, "Apache Iceberg", level)


def refuse_marks(location, path):
    """Refuses a listing that shows a format's mark below the listed folder.

    :param path: of a file, relative to the location
    """
    parts = path.split("/")
    for place, part in enumerate(parts):
        is_file = place == len(parts) - 1
        found = (_FOLDERS.get(part) if not is_file
                 else "Apache Hudi" if part.startswith(_HUDI_PARTITION)
                 else "Apache Iceberg" if place and parts[place - 1] == _ICEBERG and _is_iceberg(part) else None)
        if found:
            raise _refused(location, found, "/".join([str(location).rstrip("/"), *parts[:place]]))


def _is_iceberg(name):
    """Iceberg's metadata (older writers put .gz last), the hint at it, or a list of manifests."""
    return name.endswith((".metadata.json", ".metadata.json.gz")) or name == "version-hint.text" or (name.startswith("snap-")
            and name.endswith(".avro"))


def _refused(location, found, root):
    return ConfigurationError(f"{location} belongs to a table of {found} at {root}, whose log decides which files count; "
                              "write its current rows as plain Parquet with an engine that reads the format, and name that folder",
                              file=str(location))
