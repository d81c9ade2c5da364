"""The batch: which bronze files are new, and their records with reasons, in one frame."""
import functools

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..common.errors import InputError, UsageError
from ..common.read.bookmark import Bookmark
from ..common.read.frames import check_unchanged, damaged, file_column, group, read_footers, read_group, reader_of, relative_path
from ..common.read.references import Place, TableReference, parse
from ..common.read.sources import list_source
from ..common.read.stores import not_empty
from ..common.run import endless, failures
from ..parquet.spark_types import schema_of
from .layout import added_names, by_bytes, layout_of
from .transform import classify


class FileBatch:
    """New files below the source."""

    def __init__(self, run, key_columns):
        self._run = run
        self._key_columns = key_columns
        self._bookmark = Bookmark(run, run.options.bookmark) if run.options.bookmark else None
        reference = parse(run.options.source)
        self._root, listed = list_source(run, reference)
        self._prunable = reference if isinstance(reference, Place) else None
        self._listed = not_empty(listed)  # a Location elsewhere may itself be below a hidden folder
        self._selected = self._select()
        self._parquets, self._bad = [], []

    def _select(self):
        if self._run.options.since is not None:
            return [file for file in self._listed if file.modified >= self._run.options.since]
        return self._bookmark.unread(self._listed) if self._bookmark else list(self._listed)

    def open(self):
        """Reads the footers. Raises InputError for a bad file, or keeps it apart with --on-bad-file quarantine."""
        parquets, bad = read_footers(self._run, self._selected)
        self._set_apart(bad)
        for parquet in parquets:
            try:
                schema_of(parquet.columns, parquet.file.name)
                reader_of(parquet, _all_names(parquet))
            except InputError as error:
                self._set_apart([(parquet.file, error)])
                continue
            self._parquets.append(parquet)

    def _set_apart(self, bad):
        if bad and self._run.options.on_bad_file == "fail":
            raise bad[0][1]
        for _, error in bad:
            self._run.log.warning(f"skipped: {error.message}")
        self._bad += bad
        names = {file.name for file, _ in bad}
        self._parquets = [parquet for parquet in self._parquets if parquet.file.name not in names]

    @property
    def rows(self):
        """Rows by the footers."""
        return sum(parquet.footer.rows for parquet in self._parquets)

    def classified(self):
        """(frame, names of added columns): all records with reasons."""
        groups = group([parquet for parquet in self._parquets if parquet.footer.rows > 0], _all_names)
        added = added_names([(_layout(nodes, parquets), parquets[0].file.name) for (nodes, _), parquets in groups.items()])
        frames = []
        for (nodes, vectorised), parquets in groups.items():
            frame = read_group(self._run, nodes, vectorised, parquets, with_file=True)
            source_file = relative_path(self._root, F.col(file_column(nodes)))
            fields = frame.schema.fields[:-1]
            layout = layout_of(T.StructType(fields), parquets[0].file.name)
            frames.append(classify(frame, fields, layout, added, self._key_columns, self._run.started, source_file))
        return functools.reduce(DataFrame.union, frames), added

    def repair(self, error):
        """After a query failed: sets damaged files apart, or raises the typed error that explains the failure."""
        if self._run.sessions.watch.found:
            bad = endless.damaged_files(self._run)
            if bad:
                self._set_apart(bad)
                self._run.sessions.watch.begin()
                return
        known = failures.typed(error)
        if known is not None:
            raise known from error
        check_unchanged(self._run, [parquet.file for parquet in self._parquets])
        bad = damaged(self._run, self._parquets, _all_names)
        if not bad:
            raise error
        self._set_apart(bad)

    def count_files(self, rows):
        """A batch without rows read nothing."""
        self._run.counts["files_read"] = len(self._parquets) if rows else 0
        self._run.counts["files_bad"] = len(self._bad)

    def check_unchanged(self):
        check_unchanged(self._run, [parquet.file for parquet in self._parquets])

    def commit(self):
        """Advances the bookmark. A bad file is in it too: it was reported, and is read again when it changes."""
        if self._bookmark:
            self._bookmark.save(self._selected, self._listed, self._prunable)


class GlueBatch:
    """New rows by Glue's bookmark. Glue commits it after the job returned."""

    def __init__(self, run, key_columns):
        reference = parse(run.options.source)
        if not isinstance(reference, TableReference):
            raise UsageError("with Glue's bookmark, --source is glue://database/table")
        if run.options.bookmark or run.options.since:
            raise UsageError("--bookmark and --since do not go together with Glue's bookmark")
        self._run = run
        self._key_columns = key_columns
        self._reference = reference
        self._frame = None

    def open(self):
        self._frame = self._run.glue.bronze(self._reference.database, self._reference.table, "bronze_source")

    @property
    def rows(self):
        """Not known before the query; 0 only where there is no column."""
        return None if self._frame.columns else 0

    def classified(self):
        layout = layout_of(self._frame.schema)
        added = by_bytes(layout.added)
        named = next((name for name in self._frame.columns if name.lower() == "source_file"), None)
        source_file = F.lit(self._reference.text)
        if named is not None:
            source_file = F.coalesce(F.col(named).cast("string"), source_file)
        return classify(self._frame, self._frame.schema.fields, layout, added, self._key_columns, self._run.started, source_file), added

    def repair(self, error):
        raise error

    def count_files(self, rows):
        """Glue does not say which files it read."""

    def check_unchanged(self):
        """Glue pins what its bookmark covers."""

    def commit(self):
        """Glue's job.commit() does it, after the job returned."""


def _layout(nodes, parquets):
    return layout_of(schema_of(nodes, parquets[0].file.name), parquets[0].file.name)


def _all_names(parquet):
    return [node.name for node in parquet.columns]
