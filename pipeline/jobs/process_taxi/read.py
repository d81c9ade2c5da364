"""The uploads as one frame of judged records."""
import functools

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ..common.errors import InputError, TemporaryError
from ..common.read.frames import FILE_COLUMN, check_unchanged, damaged, file_uri, group, read_footers, read_group, reader_of
from ..common.read.paths import frame_of
from ..common.run import failures
from ..parquet.spark_types import schema_of
from .columns import NAMES, PART_DIGITS
from .sources import PARQUET, csv_header, kind_of, match
from .transform import classify

TABLE_NAMES = frozenset(name.lower() for name in NAMES)
CORRUPT = "__corrupt"
CSV_OPTIONS = {
    "header": "true", "enforceSchema": "true", "multiLine": "true", "encoding": "UTF-8", "sep": ",", "quote": '"', "escape": '"',
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": CORRUPT, "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false",
    # Text after a closing quote is an error.
    "unescapedQuoteHandling": "RAISE_ERROR",
}


class Uploads:
    """Files of one run, with their headers. Each is read with its own schema."""

    def __init__(self, run, root, files):
        self._run, self._root, self.files = run, root, files
        self._parquets = self._read_parquet_footers([file for file in files if kind_of(file) == PARQUET])
        self._csvs = [(file, csv_header(run, file)) for file in files if kind_of(file) != PARQUET]

    def _read_parquet_footers(self, files):
        parquets, bad = read_footers(self._run, files)
        if bad:
            raise bad[0][1]
        return [(parquet, match([node.name for node in parquet.columns], parquet.file)) for parquet in parquets]

    @property
    def ignored(self):
        """Names of the fields that no column of the table has, in byte order."""
        headers = [header for _, header in [*self._parquets, *self._csvs]]
        return sorted({name for header in headers for name in header.ignored}, key=lambda name: name.encode("utf-8"))

    @property
    def parquet_rows(self):
        return sum(parquet.footer.rows for parquet, _ in self._parquets)

    def records(self):
        """All records, judged; None if there are none to read. A CSV record with another number
        of fields than its header ends the run.
        """
        self._check_csv_text()
        frames = [*self._parquet_frames(), *self._csv_frames()]
        return functools.reduce(DataFrame.union, frames) if frames else None

    def _parquet_frames(self):
        headers = {parquet.file.name: header for parquet, header in self._parquets}
        for (nodes, vectorised), parquets in group([parquet for parquet, _ in self._parquets if parquet.footer.rows], _scanned).items():
            frame = read_group(self._run, nodes, vectorised, parquets, with_file=True)
            header = headers[parquets[0].file.name]
            yield self._judged(frame, {column: header.names[place] for column, place in header.known})

    def _csv_frames(self):
        groups = {}
        for file, header in self._csvs:
            groups.setdefault(header, []).append(file)
        for header, files in groups.items():
            yield self._judged(self._csv_frame(header, files), {column: header.names[place] for column, place in header.known})

    def _check_csv_text(self):
        """Refuses files that Spark's parser would read as something else: bytes that are not UTF-8 would become other characters, and
        after a quote that is not closed, records would become a part of one field.
        """
        if not self._csvs:
            return
        files = {file.uri: file for file, _ in self._csvs}
        _ = self._run.spark
        session = self._run.sessions.row_reader()
        quotes = F.length("value") - F.length(F.translate("value", '"', ""))
        decoded = F.encode(F.decode(F.col("value").cast("binary"), "UTF-8"), "UTF-8")
        broken = decoded != F.col("value").cast("binary")

        def read(uris, options):
            lines = session.read.options(**options).text(uris)
            return lines.select(file_uri(lines).alias("file"), quotes.alias("quotes"), broken.alias("broken"))

        try:
            found = frame_of(list(files), read).groupBy("file").agg((F.sum("quotes") % 2).alias("open"), F.max("broken").alias("broken")).collect()
        except Exception as error:
            self.explain_failure(error)
            raise
        by_name = {row["file"]: row for row in found}
        for uri, file in files.items():
            row = by_name.get(uri)
            if row and row["broken"]:
                raise InputError(f"{file.name} is not UTF-8; write it in UTF-8", file=file.name)
            if row and row["open"]:
                raise InputError(f"{file.name} has a quote that is not closed; correct the file", file=file.name)

    def _csv_frame(self, header, files):
        """All fields as text. Names are given by place first: a header may repeat a name that
        the table does not know.

        No record is lost: the header ends where csv_header says, and records that are read as one have more fields than the header, which
        has two at least.
        """
        places = [f"c{place}" for place in range(len(header.names))]
        schema = T.StructType([T.StructField(name, T.StringType()) for name in [*places, CORRUPT]])
        _ = self._run.spark
        session = self._run.sessions.row_reader()
        # With pruning, a record that has too many fields looks like one that has enough.
        session.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")
        corrupt, error = F.col(CORRUPT), F.raise_error(F.lit(f"{CORRUPT} record in CSV")).cast("boolean")
        sound = F.when(corrupt.isNull(), F.lit(True)).when(corrupt.isin("", "\r"), F.lit(False)).otherwise(error)
        fields = [*places[:-1], _without_cr(places[-1])] if header.line_end == "\n" else places
        names = [F.col(place).alias(name) for place, name in zip(places, _distinct(header))]

        def read(uris, options):
            frame = session.read.options(**CSV_OPTIONS, **_line_options(header), **options).schema(schema).csv(uris)
            judged = frame.select(*fields, sound.alias("__file_sound"), file_uri(frame).alias(FILE_COLUMN))
            return judged.where(F.col("__file_sound")).select(*names, FILE_COLUMN)

        return frame_of([file.uri for file in files], read)

    def _judged(self, frame, places):
        # file:/x or file:///x, as the reader spells it; sources.path_of says what a source is called.
        path = F.regexp_replace(F.col(FILE_COLUMN), "^file:/+", "/")
        part = F.substring(F.sha2(path.cast("binary"), 256), 1, PART_DIGITS)
        root = (self._root.uri if self._root.is_s3 else self._root.path).rstrip("/") + "/"
        relative = F.when(path.startswith(root), F.substring(path, len(root) + 1, 1 << 30)).otherwise(path)
        return classify(frame, places, self._run.started, part, relative)

    def explain_failure(self, error):
        """Raises the typed error that explains why a query failed, or returns if nothing does."""
        known = failures.typed(error)
        if known is not None and not isinstance(known, (InputError, TemporaryError)):
            raise known from error
        check_unchanged(self._run, self.files)
        if known is not None:
            raise known from error
        bad = damaged(self._run, [parquet for parquet, _ in self._parquets], _scanned)
        if bad:
            raise bad[0][1] from error
        for file, header in self._csvs:
            try:
                self._csv_frame(header, [file]).write.format("noop").mode("overwrite").save()
            except Exception as broken:
                if failures.typed(broken) is not None:
                    raise failures.typed(broken) from broken
                corrupt = any(CORRUPT in message for _, message in failures.java_chain(broken))
                problem = "is damaged: Spark cannot read it to the end"
                if corrupt:
                    problem = "has a record with another number of fields than its header"
                raise InputError(f"{file.name} {problem}; correct the file", file=file.name) from error


def _line_options(header):
    """Left alone, Spark's parser splits lines at whatever line end comes first, even in quotes. Told to split at LF, it leaves the CR of
    CR LF to the last field. For CR it is left alone: told to split at CR, it misses one after a quote.
    """
    return {"lineSep": "\n"} if header.line_end == "\n" else {}


def _without_cr(place):
    """A last field without the CR of its line end; null if nothing else was there, as any field without a character."""
    field = F.col(place)
    return F.when(field != "\r", F.regexp_replace(field, "\r\\z", "")).alias(place)


def _distinct(header):
    """The names of the fields. One that repeats, or is empty or FILE_COLUMN, would be ambiguous: it gets its place."""
    taken = {name for name in header.names if name and name != FILE_COLUMN and header.names.count(name) == 1}
    found = []
    for place, name in enumerate(header.names):
        if name not in taken:
            name = f"{name}_{place}"
            while name in taken:
                name += "_"
            taken.add(name)
        found.append(name)
    return found


def _scanned(parquet):
    """Names of the columns to read: those of the table, and of the others, which only quarantine needs, those that Spark can read."""
    return [node.name for node in parquet.columns if node.name.lower() in TABLE_NAMES or _is_readable(parquet, node)]


def _is_readable(parquet, node):
    if node.name == FILE_COLUMN or [other.name for other in parquet.columns].count(node.name) > 1:
        return False
    try:
        schema_of([node], parquet.file.name)
        reader_of(parquet, {node.name})
    except InputError:
        return False
    return True
