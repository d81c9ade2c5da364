"""Runs the query: one scan of Table B, parts out, and the checks on what they hold."""
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Observation
from pyspark.sql import functions as F

from ...common.errors import InputError
from ...common.run import failures
from .. import parts
from .read import groups_of, scan
from .transform import checks, count_ids, ids, match
from .types import key_value, text_of

COUNTS = ("matched_rows", "null_ids", "total_ids")


@dataclass(frozen=True)
class Found:
    """What the scan found: the counts of the report, and how many ids must not be published."""
    counts: dict
    line_breaks: int
    not_utf8: int


def extract(run, plan, keys, place):
    """Writes the parts and returns Found.

    :param plan: of Table B
    :param keys: Keys
    :param place: of the parts
    """
    observation = Observation(f"extract_ids {run.run_id}")
    counted = checks(observation, count_ids(_matched(run, plan, keys)))
    result = ids(counted)
    run.explain(result)
    parts.write(result, place)
    found = observation.get
    return Found({name: int(found[name]) for name in COUNTS}, int(found["line_breaks"]), int(found["not_utf8"]))


def _matched(run, plan, keys):
    join = "broadcast" if keys.size <= run.options.broadcast_limit else "shuffle_hash"
    frames = [match(scan(run.spark, run.sessions.row_reader, shape, files), shape, keys.frame, join)
              for shape, files in groups_of(plan.files).items() if shape.key is not None]
    if not frames:
        return run.spark.range(0).selectExpr("cast(null as string) as id")
    return reduce(lambda one, other: one.union(other), frames)


def first_damaged(run, plan):
    """The name of a file that Spark cannot read to the end, found by halving; None if all can be read.

    It costs about two more reads of the table, after a query failed.
    """
    for shape, files in groups_of(plan.files, with_ids=plan.id_family is not None).items():
        while _fails(run, shape, files):
            if len(files) == 1:
                return files[0].name
            half = files[:len(files) // 2]
            files = half if _fails(run, shape, half) else files[len(half):]
    return None


def _fails(run, shape, files):
    try:
        rows = scan(run.spark, run.sessions.row_reader, shape, files)
        values = [key_value(F.col("key"), shape.key)] if shape.key is not None else []
        values += [text_of(F.col("id"), shape.id)] if shape.id is not None else []
        rows.select(*values).write.format("noop").mode("overwrite").save()
        return False
    except Exception as error:  # what has another reason ends the run with that
        known = failures.typed(error)
        if known is not None and known.exit_code != InputError.exit_code:
            raise known from error
        return True
