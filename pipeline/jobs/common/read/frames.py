"""Files as DataFrames: each file with its own schema, and with the Parquet reader that reads it correctly."""
import concurrent.futures
import dataclasses

from pyspark.sql import Column
from pyspark.sql import functions as F

from ...parquet.footer import CODECS, Footer, FooterError, is_vectorised, read_footer
from ...parquet.spark_types import normalised, quoted, schema_of
from ..errors import InputError, TemporaryError
from ..run import failures
from .paths import EVERY_ROW_GROUP, frame_of
from .stores import DataFile

FOOTER_THREADS = 16
# Silver's unknown columns are lower case, so that none has this name.
FILE_COLUMN = "__File"
UNREADABLE_CODECS = ("BROTLI", "LZO")
READABLE_ENCODINGS = frozenset(("PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "DELTA_BINARY_PACKED",
                                "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"))
# parquet-java's row reader splits bytes of floating-point numbers only.
SPLIT_TYPES = ("FLOAT", "DOUBLE")
READ_OPTIONS = {"parquet.page.verify-checksum.enabled": "true", **EVERY_ROW_GROUP}


@dataclasses.dataclass(frozen=True)
class ParquetFile:
    """A file and its footer."""

    file: DataFile
    footer: Footer

    @property
    def columns(self):
        """Top-level nodes of the schema."""
        return self.footer.root.children


def read_footers(run, files):
    """(good, bad): ParquetFile of each file, and (file, InputError) of those that are not Parquet or damaged, in the files' order."""
    def one(file):
        try:
            footer = read_footer(lambda offset, length: run.stores.read(file, offset, length), file.size, file.name)
        except FooterError as error:
            return file, _input_error(error, file)
        for name, kind in footer.newer_types.items():
            return file, InputError(f"{file.name}: column {name} is {kind}, and Spark 3.5 reads no column of such a file. Write the file again "
                                    "without it", file=file.name, column=name)
        return ParquetFile(file, footer)

    with concurrent.futures.ThreadPoolExecutor(FOOTER_THREADS) as pool:
        results = list(pool.map(one, files))
    return [r for r in results if isinstance(r, ParquetFile)], [r for r in results if not isinstance(r, ParquetFile)]


def _input_error(error, file):
    where = f"{file.name}: column {error.column}" if error.column else file.name
    return InputError(f"{where}: {error.problem[:1].lower() + error.problem[1:]}", file=file.name, column=error.column)


def reader_of(parquet, names):
    """True if the vectorised reader is right for these top-level columns. Raises InputError where no reader is."""
    leaves = [column for column in parquet.footer.columns if column.path[0] in names]
    try:
        chunks = parquet.footer.chunks(leaves)
    except FooterError as error:
        raise _input_error(error, parquet.file) from error
    for column, found in zip(leaves, chunks):
        for codec in sorted(found.codecs):
            if codec in UNREADABLE_CODECS or codec not in CODECS:
                raise _unreadable(parquet.file, column, f"the codec {codec}")
        for encoding in sorted(found.encodings - READABLE_ENCODINGS):
            if encoding != "BYTE_STREAM_SPLIT" or column.physical not in SPLIT_TYPES:
                raise _unreadable(parquet.file, column, f"the encoding {encoding} of {column.physical}")
    return is_vectorised(leaves, chunks)


def _unreadable(file, column, what):
    return InputError(f"{file.name}: column {column.name} has {what}, which Spark does not read. Write the file again with another",
                      file=file.name, column=column.name)


def group(parquets, names_of):
    """Files that one scan can read: {(nodes, vectorised): [ParquetFile]}, in the order of the first file.

    names_of(parquet) -> names of the top-level columns that are needed.
    """
    groups = {}
    for parquet in parquets:
        names = set(names_of(parquet))
        nodes = tuple(node for node in parquet.columns if node.name in names)
        groups.setdefault((nodes, reader_of(parquet, names)), []).append(parquet)
    return groups


def read_group(run, nodes, vectorised, parquets, with_file=False):
    """One scan of files with these columns. with_file adds the decoded URI of the file, in the column file_column(nodes)."""
    run.scans += [(parquet.file, tuple(node.name for node in nodes)) for parquet in parquets]
    spark = run.spark
    session = spark if vectorised else run.sessions.row_reader()
    schema = schema_of(nodes, parquets[0].file.name)
    columns = [F.col(quoted(node.name)) for node in nodes]

    def read(uris, options):
        frame = session.read.options(**READ_OPTIONS, **options).schema(schema).parquet(*uris)
        return frame.select(*columns, *([file_uri(frame).alias(file_column(nodes))] if with_file else []))

    return normalised(frame_of([parquet.file.uri for parquet in parquets], read), nodes)


def file_column(nodes):
    """FILE_COLUMN, or a name like it if a field has that."""
    name = FILE_COLUMN
    while any(node.name == name for node in nodes):
        name += "_"
    return name


def file_uri(frame):
    """The decoded URI of each row's file, for a frame of files.

    By the frame, which knows Spark's column also where a field of the file has its name. The path is URL-encoded, and a + in it is a
    plus. Hadoop writes file:/ or file:///.
    """
    path = Column(frame._jdf.metadataColumn("_metadata")).getField("file_path")
    return F.regexp_replace(F.url_decode(F.replace(path, F.lit("+"), F.lit("%2B"))), "^file:/+", "file:///")


def relative_path(root, column):
    """Path of a decoded URI relative to a Place; whole if the file is elsewhere."""
    prefix = root.uri.rstrip("/") + "/"
    return F.when(column.startswith(prefix), F.substring(column, len(prefix) + 1, 1 << 30)).otherwise(column)


def check_unchanged(run, files):
    """Raises TemporaryError if a file is not the version that was listed."""
    def changed(file):
        current = run.stores.current(file)
        return current is None or current.version != file.version

    with concurrent.futures.ThreadPoolExecutor(FOOTER_THREADS) as pool:
        for file, is_changed in zip(files, pool.map(changed, files)):
            if is_changed:
                raise TemporaryError(f"{file.name} changed or disappeared while it was read; run again", file=file.name)


def damaged(run, parquets, names_of):
    """[(file, InputError)] of files that Spark cannot read to the end, found by reading each alone. For use after a query failed."""
    bad = []
    for parquet in parquets:
        names = set(names_of(parquet))
        nodes = tuple(node for node in parquet.columns if node.name in names)
        try:
            frame = read_group(run, nodes, reader_of(parquet, names), [parquet])
            frame.write.format("noop").mode("overwrite").save()
        except InputError as error:
            bad.append((parquet.file, error))
        except Exception as error:
            known = failures.typed(error)
            if known is not None and known.exit_code not in (1, 7):
                raise known from error
            name = parquet.file.name
            bad.append((parquet.file, InputError(f"{name} is damaged: Spark cannot read it to the end", file=name)))
    return bad
