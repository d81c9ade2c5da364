"""process_taxi: options, and the steps in their order."""
import decimal
import re

from ..common.errors import ConfigurationError, GuardError, UsageError, VerificationError
from ..common.publish.foreign import refuse_folder
from ..common.publish.publication import publication
from ..common.read.bookmark import Bookmark
from ..common.read.references import Place, parse, place
from ..common.read.stores import data, visible
from ..common.run.options import catalog_location, database_and_table, percent, refuse_as_data
from ..common.run.runner import Job
from .columns import COLUMNS, KEYS, NAMES, PART, PART_DIGITS, row_order
from .sources import part_of

ROWS = "rows"
OWN_FILE = re.compile(rf"part-([0-9a-f]{{{PART_DIGITS}}})\.parquet\Z")


def add_options(parser):
    parser.add_argument("--source", required=True, metavar="REF", help="one file, or a folder of files: .parquet, .csv, .csv.gz")
    parser.add_argument("--target", required=True, metavar="REF", help="the table: a folder or s3://")
    parser.add_argument("--quarantine", metavar="REF", help="where bad records go; default TARGET_quarantine")
    parser.add_argument("--bookmark", metavar="FILE", help="read files that are not in the bookmark; written after everything is published")
    parser.add_argument("--max-quarantine-percent", type=percent, default=decimal.Decimal(100), metavar="P",
                        help="publish nothing if more of the records are bad; default 100")
    parser.add_argument("--register", type=database_and_table, metavar="DB.TABLE",
                        help="create or update the table in the Glue Data Catalog")
    parser.add_argument("--catalog-location", type=catalog_location, metavar="URI", help="Location in the catalog; default the target")


def check(options):
    source, target, quarantine = parse(options.source), place(options.target), quarantine_of(options)
    if not isinstance(source, Place):
        raise UsageError("--source is a file or a folder: a path, file:// or s3://")
    if quarantine.is_s3 != target.is_s3:
        raise UsageError("--quarantine and --target are both on disk or both in S3")
    if target.contains(quarantine) or quarantine.contains(target):
        raise UsageError("--target and --quarantine must not be below one another")
    for name, output in (("--target", target), ("--quarantine", quarantine)):
        if source.contains(output) or output.contains(source):
            raise UsageError(f"{name} and --source must not be below one another: the run would read its own output")
    refuse_as_data((("--bookmark", options.bookmark), ("--report", options.report), ("--explain", options.explain)),
                   (("--target", target), ("--quarantine", quarantine), ("--source", source)))


def quarantine_of(options):
    return place(options.quarantine) if options.quarantine else place(options.target).sibling("_quarantine")


def execute(run):
    from ..common.register.published import refuse_other_kinds
    refuse_other_kinds(run)
    with publication(run, place(run.options.target)) as publisher:
        root, listed, selected, bookmark = _select(run)
        if selected:
            _process(run, publisher, root, selected)
        else:
            run.log.info("nothing new below the source")
        if bookmark is not None:
            publisher.remove_staging()
            bookmark.save(selected, listed, place(run.options.source))


def _select(run):
    """(folder of the source, its data files, those to read, the bookmark)"""
    source = place(run.options.source)
    found = run.stores.list(source)
    if not found and source.is_s3 and not source.text.endswith("/"):
        raise ConfigurationError(f"{source.text} does not exist; check --source (a prefix ends with /)", file=source.text)
    listed = data(found, source)
    bookmark = Bookmark(run, run.options.bookmark) if run.options.bookmark else None
    # A single file is its own source: the paths of its records are relative to the folder above it.
    single = len(listed) == 1 and listed[0].place.path == source.path
    root = Place(source.text.rpartition("/")[0] or "/", source.bucket, source.path.rpartition("/")[0]) if single else source
    return root, listed, bookmark.unread(listed) if bookmark else listed, bookmark


def _process(run, publisher, root, files):
    """Judges the records, stages a file per source and month, verifies, publishes, registers."""
    from .sources import kind_of
    for file in files:
        kind_of(file)
    _ = run.spark
    from .read import Uploads
    uploads = Uploads(run, root, files)
    run.fields["columns_ignored"] = uploads.ignored
    records = uploads.records()
    months = []
    try:
        if records is not None:
            records, months = _judge(run, uploads, records)
        run.counts["files_read"] = len(files)
        _guard_quarantine(run, publisher, records)
        staged = _stage(run, publisher, uploads, records, months) if months else {}
        current, outdated = _current(run, publisher.place, files, staged)
        _recheck(run, files)
        if run.counts["records_quarantined"]:
            _quarantine(run, publisher, records)
        publisher.replace(staged, current)
        publisher.remove(outdated)
    finally:
        _forget(records)
    run.counts["rows_written"] = run.counts["records_valid"]
    run.fields["partitions_written"] = sorted({path.rpartition("/")[0] for path in staged})
    run.log.info(f"{len(staged)} files written, {run.counts['rows_written']} rows; {len(outdated)} outdated files removed")
    if run.options.register:
        _register(run, publisher.place)


def _judge(run, uploads, records):
    """(kept frame, [(part, year, month, rows)] of valid records). Three queries use the frame."""
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    from ..common.stage.quarantine import reason_counts
    from .transform import REASON
    run.explain(records)
    records = records.persist(StorageLevel.MEMORY_AND_DISK)
    valid = F.col(REASON).isNull()
    try:
        groups = records.groupBy(F.col(REASON).alias("reason"), *[F.when(valid, F.col(key)).alias(key)
                                                                  for key in (PART, *KEYS)]).count().collect()
    except Exception as error:
        _forget(records)
        uploads.explain_failure(error)
        raise
    read = sum(row["count"] for row in groups)
    reasons = reason_counts([(row["reason"], row["count"]) for row in groups])
    run.counts.update(records_read=read, records_quarantined=sum(reasons.values()), records_valid=read - sum(reasons.values()),
                      quarantine_reasons=reasons)
    if read < uploads.parquet_rows:
        _recheck(run, uploads.files)
        raise VerificationError(f"Spark read {read} records, the Parquet files have {uploads.parquet_rows}; nothing was published")
    return records, [(row[PART], row[KEYS[0]], row[KEYS[1]], row["count"]) for row in groups if row["reason"] is None]


def _guard_quarantine(run, publisher, records):
    read, bad, limit = run.counts["records_read"], run.counts["records_quarantined"], run.options.max_quarantine_percent
    if bad * 100 > limit * read:
        _quarantine(run, publisher, records)
        raise GuardError(f"{bad} of {read} records are bad, more than {limit} percent (--max-quarantine-percent); they are in quarantine, "
                         f"the table is unchanged")


def _quarantine(run, publisher, records):
    from pyspark.sql import functions as F

    from ..common.stage.quarantine import publish_quarantine
    from .transform import RAW, REASON, RECORD, SOURCE_FILE
    columns = {REASON: "reason", SOURCE_FILE: "source_file", RECORD: "record", RAW: "raw"}
    bad = records.where(F.col(REASON).isNotNull()).select(*[F.col(name).alias(wanted) for name, wanted in columns.items()])
    publish_quarantine(run, publisher, quarantine_of(run.options), bad)


def _stage(run, publisher, uploads, records, months):
    """{path in the table: staged file}, verified."""
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    from ..common.stage.write import stage
    from ..common.verify.staged import verify
    from .transform import REASON
    rows = records.where(F.col(REASON).isNull()).select(*NAMES, PART, *KEYS)
    try:
        observed = stage(run, rows, (PART, *KEYS), row_order(), publisher.staging.child(ROWS))
    except Exception as error:
        uploads.explain_failure(error)
        raise
    schema = T.StructType([T.StructField(name, T._parse_datatype_string(kind)) for name, kind in COLUMNS])
    folders = {f"{PART}={part}/{KEYS[0]}={year}/{KEYS[1]}={month}": (part, year, month, count) for part, year, month, count in months}
    found = verify(run, publisher.staged(ROWS), schema, observed["rows"], folders)
    staged = {}
    for folder, (file, count) in found.items():
        part, year, month, expected = folders[folder]
        if count != expected:
            raise VerificationError(f"{count} rows were staged for year={year}/month={month}, {expected} were computed; nothing was "
                                    f"published")
        staged[f"{KEYS[0]}={year}/{KEYS[1]}={month}/part-{part}.parquet"] = file
    return staged


def _current(run, target, files, staged):
    """({path: file} that are replaced, files of these sources in months that they no longer touch).

    :raises ConfigurationError: a month that is to be written holds files or folders of another writer
    """
    for path in staged:
        refuse_folder(target.child(path))
    touched = {path.rpartition("/")[0] for path in staged}
    own = {part_of(file) for file in files}
    current, outdated = {}, []
    exists = target.is_s3 or run.stores.of(target).stat(target) is not None
    for file in visible(run.stores.list(target), target) if exists else ():
        match = OWN_FILE.match(file.path.rpartition("/")[2])
        if match is None:
            if file.folder in touched:
                raise ConfigurationError(f"{target.text.rstrip('/')}/{file.folder} holds files of another writer. Move them, or name "
                                         f"another target", file=f"{target.text.rstrip('/')}/{file.folder}")
        elif match.group(1) in own:
            if file.path in staged:
                current[file.path] = file
            else:
                outdated.append(file)
    return current, outdated


def _recheck(run, files):
    from ..common.read.frames import check_unchanged
    check_unchanged(run, files)


def _forget(frame):
    try:
        if frame is not None:
            frame.unpersist()
    except Exception:  # the JVM is gone, and the frame with it
        pass


def _register(run, target):
    from ..common.register.published import register
    partitions = set()
    for file in visible(run.stores.list(target), target):
        names = [part.partition("=") for part in file.folder.split("/")]
        if OWN_FILE.match(file.path.rpartition("/")[2]) and tuple(name for name, _, _ in names) == KEYS:
            partitions.add(tuple(value for _, _, value in names))
    run.fields["catalog"] = register(run, target, list(COLUMNS), [(name, "string") for name in KEYS], sorted(partitions))


JOB = Job(
    name="process_taxi",
    summary="Turns uploaded trip files into one clean table: a file per source and month, bad records in quarantine.",
    add_options=add_options,
    check=check,
    execute=execute,
    counts={"files_read": 0, "records_read": 0, "records_valid": 0, "records_quarantined": 0, "quarantine_reasons": {}, "rows_written": 0},
    fields={"partitions_written": [], "columns_ignored": []},
)
