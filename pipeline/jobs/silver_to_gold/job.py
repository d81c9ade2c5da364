"""silver_to_gold: options, and the steps in their order."""
import argparse
import functools

from ..common.errors import InputError, PartitionError, UsageError, VerificationError
from ..common.publish.publication import publication
from ..common.read.references import Place, parse, place
from ..common.run.options import catalog_location, database_and_table, refuse_as_data
from ..common.run.runner import Job
from .months import KEYS, folder, month_of, texts_of, values_of
from .target import guard_shrink, look_at, published, refuse_foreign_months

GROUPS = "groups"


def add_options(parser):
    parser.add_argument("--source", required=True, metavar="REF", help="silver: folders ano=V/mes=V, s3:// or glue://")
    parser.add_argument("--target", required=True, metavar="REF", help="gold: a folder or s3://")
    parser.add_argument("--partition", action="append", default=[], type=pin, metavar="ano=N/mes=N", help="only this month; repeatable")
    parser.add_argument("--allow-empty", action="store_true", help="accept a silver, or a month of --partition, without rows")
    parser.add_argument("--allow-shrink", action="store_true", help="accept that more than half of gold's months are removed")
    parser.add_argument("--adopt", action="store_true", help="take over months that another writer filled")
    parser.add_argument("--register", type=database_and_table, metavar="DB.TABLE",
                        help="create or update the table in the Glue Data Catalog")
    parser.add_argument("--catalog-location", type=catalog_location, metavar="URI", help="Location in the catalog; default the target")


def pin(text):
    pairs = [part.partition("=") for part in text.strip("/").split("/")]
    month = month_of([value for _, _, value in pairs]) if [name for name, _, _ in pairs] == list(KEYS) else None
    if month is None:
        raise argparse.ArgumentTypeError("expected ano=N/mes=N")
    return month


def check(options):
    source, target = parse(options.source), place(options.target)
    places = [("--target", target)]
    if isinstance(source, Place):
        if source.contains(target) or target.contains(source):
            raise UsageError("--target and --source must not be below one another: the run would read its own output")
        places.append(("--source", source))
    refuse_as_data((("--report", options.report), ("--explain", options.explain)), places)


def execute(run):
    from ..common.register.published import refuse_other_kinds
    from .source import find_months
    refuse_other_kinds(run)
    target = place(run.options.target)
    pinned = set(run.options.partition)
    with publication(run, target) as publisher:
        months = find_months(run, parse(run.options.source), pinned)
        run.counts["partitions_skipped"] = months.skipped
        parquets = _open(run, months)
        if not run.counts["rows_read"] and not run.options.allow_empty:
            raise PartitionError(f"{run.options.source} has no rows in the selected months; gold is unchanged (--allow-empty accepts that)")
        filled = {month for month, files in parquets.items() if files}
        _refuse_empty_pins(run, pinned - filled)
        gold = look_at(run, target, pinned)
        stale = sorted((set(gold.files) & pinned if pinned else set(gold.files)) - filled)
        refuse_foreign_months(target, gold, [*filled, *stale], run.options.adopt)
        guard_shrink(gold, [] if pinned else stale, run.options.allow_shrink)
        staged = _stage(run, publisher, parquets) if filled else {}
        _check_unchanged(run, parquets, gold, [*filled, *stale])
        current = gold.current()
        publisher.replace({published(month): file for month, file in staged.items()}, current)
        adopted = gold.foreign(filled)
        publisher.remove(adopted)
        run.fields["partitions_written"] = sorted(folder(month) for month in filled)
        if run.options.register:
            # The catalog forgets stale months before their files go: if the run dies in between, the next one finds them still.
            _register(run, target, filled, stale, pinned, adopted)
        publisher.remove([file for month in stale for file in gold.files[month]])
        run.fields["partitions_removed"] = sorted(folder(month) for month in stale)
    run.log.info(f"{len(filled)} months written, {len(stale)} removed, {run.counts['groups_written']} groups")


def _refuse_empty_pins(run, empty):
    """Gold's month would be removed. With pins no other month of gold is listed, so guard_shrink cannot protect it."""
    if empty and not run.options.allow_empty:
        raise PartitionError(f"{run.options.source} has no rows in {folder(min(empty))} (--partition); gold is unchanged (--allow-empty "
                             "removes the month from gold)")


def _open(run, months):
    """{month: [ParquetFile with rows]}, every file's columns and types checked."""
    from ..common.read.frames import read_footers
    from .source import columns_of
    files = [(month, file) for month, found in sorted(months.files.items()) for file in found]
    parquets, bad = read_footers(run, [file for _, file in files])
    if bad:
        raise bad[0][1]
    opened = {month: [] for month in months.files}
    for (month, _), parquet in zip(files, parquets):
        columns_of(parquet)
        run.counts["files_read"] += 1
        run.counts["rows_read"] += parquet.footer.rows
        if parquet.footer.rows:
            opened[month].append(parquet)
    return opened


def _frames(run, parquets, with_file=False):
    """One frame per month and kind of file. Months are literals, so Locations may be anywhere."""
    from pyspark.sql import functions as F

    from ..common.read.frames import FILE_COLUMN, group, read_group
    from .source import columns_of
    from .transform import month_rows
    frames = []
    for month, files in sorted(parquets.items()):
        for (nodes, vectorised), members in group(files, _names).items():
            frame = read_group(run, nodes, vectorised, members, with_file)
            names = {wanted: node.name for wanted, node in columns_of(members[0]).items()}
            frames.append(month_rows(frame, names, month, *([F.col(FILE_COLUMN)] if with_file else [])))
    return frames


def _names(parquet):
    from .source import columns_of
    return [node.name for node in columns_of(parquet).values()]


def _stage(run, publisher, parquets):
    """{month: staged file}, verified."""
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F

    from ..common.stage.write import stage
    from ..common.verify.staged import verify
    from .transform import IGNORED, NOT_INT, ORDER, ROWS, SCHEMA, TOO_LARGE, aggregate
    groups = aggregate(functools.reduce(DataFrame.union, _frames(run, parquets)))
    sums = [F.sum(name).alias(name) for name in (ROWS, IGNORED, TOO_LARGE, NOT_INT)]
    months = [folder(month) for month, files in parquets.items() if files]
    try:
        observed = stage(run, groups, KEYS, [F.col(name) for name in ORDER], publisher.staging.child(GROUPS), sums, SCHEMA.names)
    except Exception as error:  # a damaged file, or what failures.typed knows
        _explain_failure(run, parquets, error)
        raise
    if observed[TOO_LARGE] or observed[NOT_INT]:
        _refuse_values(run, parquets)
    if observed[ROWS] != run.counts["rows_read"]:
        _check_unchanged(run, parquets, None, [])
        raise VerificationError(f"Spark read {observed[ROWS]} rows, the files have {run.counts['rows_read']}; nothing was published")
    staged = verify(run, publisher.staged(GROUPS), SCHEMA, observed["rows"], months)
    run.counts["salaries_ignored"] = observed[IGNORED]
    run.counts["groups_written"] = observed["rows"]
    return {month: staged[folder(month)][0] for month, files in parquets.items() if files}


def _explain_failure(run, parquets, error):
    from ..common.read.frames import check_unchanged, damaged
    from ..common.run import failures
    if failures.typed(error) is None:
        files = [parquet for found in parquets.values() for parquet in found]
        check_unchanged(run, [parquet.file for parquet in files])
        bad = damaged(run, files, _names)
        if bad:
            raise bad[0][1] from error


def _refuse_values(run, parquets):
    """Raises InputError that names the first file with a salario or an idade out of range."""
    from pyspark.sql import functions as F

    from ..common.read.frames import FILE_COLUMN
    from .months import INT_MAX
    from .source import IDADE, SALARIO
    from .transform import IS_LARGE
    checks = ((SALARIO, F.col(IS_LARGE), "10^20 or more"),
              (IDADE, (F.col(IDADE) > INT_MAX) | (F.col(IDADE) < -INT_MAX - 1), "outside of a 32-bit integer"))
    for frame in _frames(run, parquets, with_file=True):
        for column, wrong, what in checks:
            row = frame.where(wrong).select(FILE_COLUMN).limit(1).collect()
            if row:
                uris = {parquet.file.uri: parquet.file.name for found in parquets.values() for parquet in found}
                file = uris.get(row[0][0], row[0][0])
                raise InputError(f"{file}: column {column} has a value that is {what}; gold is unchanged", file=file, column=column)
    raise InputError("a value of salario or idade is out of range; gold is unchanged")


def _check_unchanged(run, parquets, gold, months):
    from ..common.read.frames import check_unchanged
    check_unchanged(run, [parquet.file for found in parquets.values() for parquet in found])
    if gold is not None:
        check_unchanged(run, [file for month in months for file in gold.files.get(month, [])])


def _register(run, target, filled, stale, pinned, adopted):
    """Months are registered as gold's folders are spelled. Those that are gone go in every spelling: 9, 09."""
    from ..common.register.published import published_partitions, register
    from .transform import SCHEMA
    columns = [(field.name, field.dataType.simpleString()) for field in SCHEMA.fields]
    keys = [(name, "int") for name in KEYS]
    present = {texts_of(month) for month in filled}
    if not pinned:
        present |= {values for values in published_partitions(run, target, KEYS)
                    if month_of(values) not in stale and values == texts_of(month_of(values))}
    gone = {values_of(file.path) for file in adopted} - present
    run.fields["catalog"] = register(run, target, columns, keys, sorted(present),
                                     lambda values: month_of(values) in stale or values in gone, identity=month_of)


JOB = Job(
    name="silver_to_gold",
    summary="Computes the mean salary by idade, ativo and month, and replaces gold's months one by one.",
    add_options=add_options,
    check=check,
    execute=execute,
    counts={"files_read": 0, "rows_read": 0, "partitions_skipped": 0, "salaries_ignored": 0, "groups_written": 0},
    fields={"partitions_written": [], "partitions_removed": [], "catalog": None},
)
