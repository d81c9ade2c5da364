"""Several files as one frame, whatever characters are in their paths."""
import functools
import re

from pyspark.sql import DataFrame

# Spark takes a path with one of these for a pattern, also where patterns are off: then each such path stands for all paths
# of the call. With `a.csv` and `b[1].csv`, a.csv would be read twice.
PATTERN = re.compile(r"([{}\[\]*?\\])")
# Statistics, dictionaries and indexes are hints that some writers get wrong. They must never lose a row, and all that they could save
# is pages and row groups of nulls.
EVERY_ROW_GROUP = {f"parquet.filter.{hint}.enabled": "false" for hint in ("stats", "dictionary", "columnindex", "bloom")}
LITERAL = {"__globPaths__": "false"}
ESCAPED = {"__globPaths__": "true"}


def frame_of(uris, read):
    """A frame of files, each of which is read once. All parts have the same columns.

    uris  at least one
    read  (uris, options) -> DataFrame
    """
    plain = [uri for uri in uris if not PATTERN.search(uri)]
    odd = [uri for uri in uris if PATTERN.search(uri)]
    # Hadoop cannot resolve a pattern with a colon after the scheme, even an escaped one. Alone, a path stands for itself.
    alone = [uri for uri in odd if ":" in uri.partition("://")[2]]
    escaped = [PATTERN.sub(r"\\\1", uri) for uri in odd if uri not in alone]
    calls = [(plain, LITERAL), (escaped, ESCAPED), *[([uri], LITERAL) for uri in alone]]
    return functools.reduce(DataFrame.union, [read(some, options) for some, options in calls if some])
