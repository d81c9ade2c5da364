"""Refuses folders of table formats with a log: only the log says which files count."""
from ...common.errors import ConfigurationError

_MARKS = {"_delta_log": "a Delta Lake table", ".hoodie": "a Hudi table"}
_ADVICE = "write its latest rows to a table of Parquet files first, since only its log says which of its files count"


def refuse_table_format(location):
    """Refuses a folder that holds the log of a table format.

    :raises ConfigurationError: names the format and the folder
    """
    names = set(location.folders())
    _refuse(location, names.__contains__)


def refuse_inside_table_format(location):
    """Refuses a folder inside such a table, where the log is in a folder above."""
    for above in location.above():
        _refuse(above, above.has_folder)


def _refuse(location, has_folder):
    for mark, found in _MARKS.items():
        if has_folder(mark):
            raise _refused(location, found)
    if has_folder("metadata") and has_folder("data") and any("/" not in file.path and file.path.endswith(".metadata.json") for file in location.child("metadata").files()):
        raise _refused(location, "an Iceberg table")


def _refused(location, found):
    return ConfigurationError(f"{location} is {found}, which is not read as a folder of files; {_ADVICE}", file=str(location))
