"""bronze_to_silver: options, and the steps in their order."""
import argparse
import datetime
import decimal
import functools

from ..common.errors import GuardError, UsageError, VerificationError
from ..common.publish.publication import DATA_FILE, publication
from ..common.read.references import Place, parse, place
from ..common.run.options import catalog_location, database_and_table, percent, refuse_as_data
from ..common.run.runner import Job
from .columns import COLUMNS, DEFAULT_KEY, KEYS, NAMES, folder

ROWS = "rows"


def add_options(parser):
    parser.add_argument("--source", required=True, metavar="REF", help="bronze: a folder, s3:// or glue://")
    parser.add_argument("--target", required=True, metavar="REF", help="silver: a folder or s3://")
    parser.add_argument("--quarantine", metavar="REF", help="where bad records go; default TARGET_quarantine")
    parser.add_argument("--since", type=instant, metavar="TIME", help="read files modified at or after this time (ISO 8601 with offset)")
    parser.add_argument("--bookmark", metavar="FILE", help="read files that are not in the bookmark; written after everything is published")
    parser.add_argument("--key-columns", type=key_columns, default=DEFAULT_KEY, metavar="A,B",
                        help="silver columns of which each event day has one row; default carChassis")
    parser.add_argument("--max-quarantine-percent", type=percent, default=decimal.Decimal(100), metavar="P",
                        help="publish nothing if more of the records are bad; default 100")
    parser.add_argument("--on-bad-file", choices=("fail", "quarantine"), default="fail",
                        help="what a file that cannot be read does; default fail")
    parser.add_argument("--adopt", action="store_true", help="take over partitions that another writer filled")
    parser.add_argument("--register", type=database_and_table, metavar="DB.TABLE",
                        help="create or update the table in the Glue Data Catalog")
    parser.add_argument("--catalog-location", type=catalog_location, metavar="URI", help="Location in the catalog; default the target")


def instant(text):
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise argparse.ArgumentTypeError("expected ISO 8601 with an offset, such as 2025-10-29T11:00:00Z")
    return time


def key_columns(text):
    by_name = {name.lower(): name for name in NAMES}
    names = [part.strip() for part in text.split(",")]
    unknown = [name for name in names if name.lower() not in by_name]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0] or 'an empty name'} is not a column of silver")
    if len({name.lower() for name in names}) < len(names):
        raise argparse.ArgumentTypeError("a column is named twice")
    return tuple(by_name[name.lower()] for name in names)


def check(options):
    source, target = parse(options.source), place(options.target)
    quarantine = quarantine_of(options)
    if quarantine.is_s3 != target.is_s3:
        raise UsageError("--quarantine and --target are both on disk or both in S3")
    places = [("--target", target), ("--quarantine", quarantine)]
    if target.contains(quarantine) or quarantine.contains(target):
        raise UsageError("--target and --quarantine must not be below one another")
    if isinstance(source, Place):
        for name, output in places:
            if source.contains(output) or output.contains(source):
                raise UsageError(f"{name} and --source must not be below one another: the run would read its own output")
        places.append(("--source", source))
    refuse_as_data((("--bookmark", options.bookmark), ("--report", options.report), ("--explain", options.explain)), places)


def quarantine_of(options):
    return place(options.quarantine) if options.quarantine else place(options.target).sibling("_quarantine")


def execute(run):
    from ..common.register.published import refuse_other_kinds
    refuse_other_kinds(run)
    target = place(run.options.target)
    with publication(run, target) as publisher:
        batch = _open_batch(run)
        _load(run, batch, publisher)
        publisher.remove_staging()
        batch.commit()


def _open_batch(run):
    from .batch import FileBatch, GlueBatch
    kind = GlueBatch if run.glue is not None and run.glue.bookmarks else FileBatch
    batch = kind(run, run.options.key_columns)
    batch.open()
    return batch


def _load(run, batch, publisher):
    """Reads and judges the batch, upserts the touched partitions, stages, verifies, publishes."""
    from .existing import look_at
    classified, added, days = _judge(run, batch)
    if classified is None:
        return
    try:
        _guard_quarantine(run, publisher, classified)
        existing = look_at(run, publisher.place, days, run.options.adopt)
        staged = _stage(run, publisher, classified, added, existing, days) if days else {}
        batch.check_unchanged()
        _check_unchanged(run, existing)
        if run.counts["records_quarantined"]:
            _quarantine(run, publisher, classified)
        publisher.replace({f"{day}/{DATA_FILE}": file for day, (file, _) in staged.items()}, existing.current)
        publisher.remove(existing.foreign)
    finally:
        _forget(classified)
    run.fields["partitions_written"] = sorted(staged)
    run.log.info(f"{len(staged)} partitions written, {run.counts['rows_written']} rows")
    if run.options.register and staged:
        _register(run, publisher.place, sorted(set(added) | existing.added))


def _judge(run, batch):
    """(frame of all records with reasons, added columns, event days). The frame is kept: three queries use it."""
    from pyspark import StorageLevel
    while True:
        if batch.rows == 0:
            batch.count_files(0)
            run.log.info("nothing new below the source")
            return None, [], []
        classified, added = batch.classified()
        run.explain(classified)
        classified = classified.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            groups = _count(classified)
            break
        except Exception as error:  # explained by the batch, or raised again
            _forget(classified)
            batch.repair(error)
    read = sum(count for _, _, count in groups)
    if batch.rows is not None and read != batch.rows:
        batch.check_unchanged()
        raise VerificationError(f"Spark read {read} records, the files have {batch.rows}; nothing was published")
    from ..common.stage.quarantine import reason_counts
    reasons = reason_counts([(reason, count) for reason, _, count in groups])
    batch.count_files(read)
    run.counts.update(records_read=read, records_quarantined=sum(reasons.values()), records_valid=read - sum(reasons.values()),
                      quarantine_reasons=reasons)
    run.fields["columns_added"] = added
    return classified, added, sorted(folder(*day) for reason, day, _ in groups if reason is None)


def _count(classified):
    """[(reason, event day of valid records, count)]: as many as there are days and reasons."""
    from pyspark.sql import functions as F

    from .transform import REASON
    valid = F.col(REASON).isNull()
    rows = classified.groupBy(F.col(REASON).alias("reason"), *[F.when(valid, F.col(key)).alias(key) for key in KEYS]).count().collect()
    return [(row["reason"], tuple(row[key] for key in KEYS), row["count"]) for row in rows]


def _guard_quarantine(run, publisher, classified):
    read, bad, limit = run.counts["records_read"], run.counts["records_quarantined"], run.options.max_quarantine_percent
    if bad * 100 > limit * read:
        _quarantine(run, publisher, classified)
        raise GuardError(f"{bad} of {read} records are bad, more than {limit} percent (--max-quarantine-percent); they are in quarantine, "
                         "silver is unchanged")


def _quarantine(run, publisher, classified):
    from pyspark.sql import functions as F

    from ..common.stage.quarantine import publish_quarantine
    from .transform import RAW, REASON, RECORD, SOURCE_FILE
    columns = {REASON: "reason", SOURCE_FILE: "source_file", RECORD: "record", RAW: "raw"}
    bad = classified.where(F.col(REASON).isNotNull()).select(*[F.col(name).alias(wanted) for name, wanted in columns.items()])
    publish_quarantine(run, publisher, quarantine_of(run.options), bad)


def _stage(run, publisher, classified, added, existing, days):
    """{day folder: (staged file, rows)}, verified."""
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    from ..common.stage.write import stage
    from ..common.verify.staged import verify
    from ..parquet.spark_types import quoted
    from .existing import refuse_unfit, rows_of
    from .layout import by_bytes, refuse_too_many
    from .transform import REASON
    from .upsert import newest, row_order
    names = by_bytes(set(added) | existing.added)
    refuse_too_many(names)
    keys = run.options.key_columns
    columns = [F.col(quoted(name)) for name in (*NAMES, *names, *KEYS)]
    batch = classified.where(F.col(REASON).isNull())
    for name in names:
        if name not in added:
            batch = batch.withColumn(name, F.lit(None).cast("string"))
    before = rows_of(run, existing, publisher.place, names, keys)
    if not all(exact for _, exact in before):
        refuse_unfit(run, existing, publisher.place, names, keys)
    rows = functools.reduce(DataFrame.union, [batch.select(*columns), *[frame.select(*columns) for frame, _ in before]])
    try:
        observed = stage(run, newest(rows, keys, names), KEYS, row_order(names), publisher.staging.child(ROWS))
    except Exception as error:  # a damaged file of silver, or what failures.typed knows
        _explain_failure(run, existing, error)
        raise
    schema = T.StructType([T.StructField(column.name, T._parse_datatype_string(column.type)) for column in COLUMNS]
                          + [T.StructField(name, T.StringType()) for name in names])
    staged = verify(run, publisher.staged(ROWS), schema, observed["rows"], days)
    written = sum(count for _, count in staged.values())
    dropped = run.counts["records_valid"] + existing.rows - written
    if dropped < 0:
        raise VerificationError(f"{written} rows were staged from {run.counts['records_valid'] + existing.rows}; nothing was published")
    run.counts.update(records_existing=existing.rows, rows_written=written, duplicates_dropped=dropped)
    return staged


def _explain_failure(run, existing, error):
    from ..common.read.frames import damaged
    from ..common.run import failures
    from .existing import names_of
    if failures.typed(error) is None:
        bad = damaged(run, existing.parquets, names_of)
        if bad:
            raise bad[0][1] from error


def _check_unchanged(run, existing):
    from ..common.read.frames import check_unchanged
    check_unchanged(run, existing.files)


def _forget(frame):
    try:
        frame.unpersist()
    except Exception:  # the JVM is gone, and the frame with it
        pass


def _register(run, target, added):
    from ..common.register.published import published_partitions, register
    columns = [(column.name, column.type) for column in COLUMNS] + [(name, "string") for name in added]
    keys = [(name, "string") for name in KEYS]
    run.fields["catalog"] = register(run, target, columns, keys, published_partitions(run, target, KEYS), fixed=len(COLUMNS))


JOB = Job(
    name="bronze_to_silver",
    summary="Loads new bronze events into the silver table: one row per key and event day, the newest event wins.",
    add_options=add_options,
    check=check,
    execute=execute,
    counts={"files_read": 0, "files_bad": 0, "records_read": 0, "records_valid": 0, "records_quarantined": 0, "quarantine_reasons": {},
            "records_existing": 0, "rows_written": 0, "duplicates_dropped": 0},
    fields={"partitions_written": [], "columns_added": []},
)
