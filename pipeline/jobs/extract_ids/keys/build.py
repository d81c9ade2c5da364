"""Reads Table A, cleans it and counts: the distinct keys stay in Spark, whatever their number."""
from dataclasses import dataclass

from pyspark.sql import functions as F

from ...common.errors import GuardError, InputError
from ..inputs import ListSource
from ..options import percent_value
from ..scan.read import groups_of, scan
from . import rules, table
from .lists import ListParser, decompress

PIECE_BYTES = 1 << 20


@dataclass
class Keys:
    """Distinct keys: a DataFrame of one BINARY column `key`, and their bytes in total."""
    frame: object
    count: int
    size: int
    cached: object = None

    def release(self):
        """Frees what Spark keeps for the keys. Never fails."""
        try:
            if self.cached is not None:
                self.cached.unpersist()
        except Exception:  # The JVM may be gone, and the run has its own error to report.
            pass


def read_keys(run, source):
    """The keys of Table A. Counts and guards are applied.

    :param source: a ListSource or a Plan
    """
    keys, reasons, rows = _of_list(run, source) if isinstance(source, ListSource) else _of_table(run, source)
    rejected = sum(reasons.values())
    run.counts.update(a_rows=rows, a_rejected=rejected, a_keys=keys.count)
    if rejected:
        by_reason = ", ".join(f"{reason} {reasons[reason]}" for reason in rules.REASONS if reasons.get(reason))
        run.log.warning(f"Table A: {rejected} of {rows} values are rejected: {by_reason}")
    _check(run.options, keys, rejected, rows)
    return keys


def _check(options, keys, rejected, rows):
    if options.on_bad_cpf == "fail" and rejected:
        raise InputError(f"Table A holds values that are not CPFs: {rejected} of {rows}; correct them, or skip them with --on-bad-cpf "
                         f"reject", column=options.key_column_a)
    if keys.count == 0:
        raise InputError(f"Table A holds no valid CPF: {rows} rows, {rejected} rejected; check the table and the key column",
                         column=options.key_column_a)
    if rejected * 100 > percent_value(options.max_rejected_percent) * rows:
        raise GuardError(f"{rejected} of {rows} values of Table A are rejected, more than --max-rejected-percent "
                         f"{options.max_rejected_percent} allows; check the table and the key column")


def _of_list(run, source):
    cleaner, keys, reasons, rows = rules.Cleaner(run.options.match, run.options.key_width), set(), {}, 0
    pieces = _pieces(source)
    if source.file.name.lower().endswith(".gz"):
        pieces = decompress(pieces, source.file.name)
    for value in ListParser(source.file.name, run.options.key_column_a).values(pieces):
        rows += 1
        key, reason = cleaner.clean(value)
        if key is None:
            reasons[reason] = reasons.get(reason, 0) + 1
        else:
            keys.add(key)
    frame = table.keys_of_list(run.spark, sorted(keys)) if keys else None
    return Keys(frame, len(keys), sum(map(len, keys))), reasons, rows


def _pieces(source):
    for offset in range(0, source.file.size, PIECE_BYTES):
        yield source.location.read(source.file, offset, min(PIECE_BYTES, source.file.size - offset))


def _of_table(run, plan):
    if not plan.files:
        return Keys(None, 0, 0), {}, 0
    frames = [table.values(scan(run.spark, run.sessions.row_reader, shape, files), shape) for shape,
              files in groups_of(plan.files, with_ids=False).items()]
    counted = table.count(table.clean(table.union(frames), run.options.match, run.options.key_width)).persist()
    keys = counted.where(F.col("key").isNotNull()).select("key")
    found = counted.groupBy("reason").agg(F.sum("values").alias("values"), F.count("key").alias("keys"),
                                          F.sum(F.length("key")).alias("size")).collect()
    reasons = {row["reason"]: row["values"] for row in found if row["reason"] is not None}
    valid = next((row for row in found if row["reason"] is None), None)
    rows = sum(row["values"] for row in found)
    return Keys(keys, valid["keys"] if valid else 0, valid["size"] if valid else 0, counted), reasons, rows
