"""The steps of a run, in their order: catalog, plan, keys, scan, verify, recheck, guards, report."""
from datetime import timezone
from urllib.parse import unquote

from ..common.errors import GuardError, InputError, JobError, TemporaryError
from ..common.run import failures
from ..common.run.runner import Job
from . import gather, inputs, options, parts, publish
from .keys.lists import is_list
from .overlap import output_files, refuse_output_in
from .plan.files import FOLDER, HIDDEN, NO_ROWS, changed_files

SHOWN = 3
COUNTS = {"a_rows": 0, "a_rejected": 0, "a_keys": 0, "rows": 0, "matched_rows": 0, "null_ids": 0, "total_ids": 0}


def execute(run):
    """One run. Raises a JobError; on success the report holds the command that publishes."""
    now = run.started.astimezone(timezone.utc).replace(tzinfo=None)
    if run.options.dry_run:
        _plan(run, now, [], parts.check(run))
        return
    place = parts.prepare(run)
    try:
        _extract(run, now, place)
    except BaseException:
        # What was written has no command that would publish it, so nothing may find it later.
        parts.discard(run, place)
        raise


def _extract(run, now, place):
    pinned, plans = [], []
    try:
        source, plan = _plan(run, now, pinned, place)
        plans += [one for one in (plan, source) if hasattr(one, "files")]
        run.scans += [(file.file, tuple(column.path[0] for column in (file.key, file.id) if column is not None))
                      for one in plans for file in one.files]
        # From here on Spark is needed: what is wrong with options, partitions and types is reported
        # without it.
        _ = run.spark
        from .keys import build
        from .scan import query
        keys = build.read_keys(run, source)
        try:
            found = query.extract(run, plan, keys, place)
        finally:
            keys.release()
    except Exception as error:
        explained = _explained(run, error, pinned, plans)
        if explained is error:
            raise
        raise explained from error
    run.counts.update(found.counts)
    _check_ids(run, found)
    parts.verify(run, place, found.counts["total_ids"])
    _recheck(pinned)
    _check_guards(run.options, found.counts["total_ids"])
    run.fields["parts"] = parts.uri(run)
    run.fields["publish_command"] = publish.command(run.options, plan.candidate, parts.uri(run), found.counts["total_ids"])


def _plan(run, now, pinned, place):
    """Finds both tables before it reads either, as the engine does. `pinned` receives the files
    that must not change, `place` is that of the parts.
    """
    if is_list(run.options.table_a):
        selection, selected_b = None, inputs.select_b(run, now)
        source = inputs.open_list(run)
        pinned.append((source.location, source.file))
    else:
        selection, selected_b = inputs.select_a(run, now), inputs.select_b(run, now)
        source = inputs.plan_a(run, selection)
        pinned += source.pinned
        _tell_skipped(run, source)
    plan = inputs.plan_b(run, selected_b, now)
    pinned += plan.pinned
    _tell_skipped(run, plan)
    for option, table in (("--table-a", source), ("--table-b", plan)):
        refuse_output_in(option, getattr(table, "files", ()), [*output_files(run.options), place])
    run.fields["source_partition"] = plan.candidate.source_partition
    run.counts["rows"] = plan.rows
    return source, plan


def _tell_skipped(run, plan):
    """Whatever is skipped is reported once: the first few by name, and a count."""
    worth = [(where, reason) for where, reason in plan.skipped if reason not in (HIDDEN, FOLDER, NO_ROWS)]
    shown = ", ".join(f"{where} ({reason})" for where, reason in worth[:SHOWN])
    if worth:
        more = f" and {len(worth) - SHOWN} more" if len(worth) > SHOWN else ""
        run.log.warning(f"{plan.table}: {len(worth)} partitions, folders or files are skipped: {shown}{more}")
    if len(plan.skipped) > len(worth):
        run.log.info(f"{plan.table}: {len(plan.skipped) - len(worth)} hidden files, folder markers and files without rows are skipped")


def _explained(run, error, pinned, plans):
    """A failure of Spark is that of a file: one that changed, or one that is damaged. Messages
    of Spark may quote rows and are not shown.
    """
    known = failures.typed(error)
    if isinstance(error, JobError) and not isinstance(error, InputError):
        return error
    if known is None and not failures.java_chain(error):
        return error
    if known is not None and not isinstance(known, (InputError, TemporaryError)):
        return known
    if known is not None and "JVM" in known.message:
        return known
    changed = changed_files(pinned)
    if changed:
        return TemporaryError(f"{changed[0]} changed or disappeared while it was read; run again", file=changed[0])
    if isinstance(known, TemporaryError):
        return known
    return _damaged(run, error, pinned, plans) or known or error


def _damaged(run, error, pinned, plans):
    """The file that Spark could not read: by the names in its exceptions, otherwise by reading
    fewer and fewer files. None if every file can be read.
    """
    from .scan.query import first_damaged
    text = "\n".join(message for _, message in failures.java_chain(error))
    text += "\n" + unquote(text)
    names = sorted(((file.place.path, file.name) for _, file in pinned), key=lambda one: -len(one[0]))
    name = next((name for path, name in names if path in text), None) or next(filter(None, (first_damaged(run, plan) for plan in plans)), None)
    if name is None:
        return None
    return InputError(f"{name} is damaged, or holds what Spark 3.5 cannot read; rewrite or remove the file", file=name)


def _check_ids(run, found):
    column = run.options.id_column
    if found.counts["null_ids"] and run.options.on_null_id == "fail":
        raise InputError(f"{found.counts['null_ids']} matched rows have a null or empty id in column '{column}'; correct the data, or "
                         f"drop such rows with --on-null-id drop", column=column)
    if found.line_breaks:
        raise InputError(f"{found.line_breaks} ids to publish hold a line break, in column '{column}'; correct the data", column=column)
    if found.not_utf8:
        raise InputError(f"{found.not_utf8} ids to publish are not UTF-8, in column '{column}'; correct the data", column=column)


def _recheck(pinned):
    changed = changed_files(pinned)
    if changed:
        raise TemporaryError(f"{changed[0]} changed or disappeared while it was read; run again", file=changed[0])


def _check_guards(given, total):
    """The user's own limits, before anything is published."""
    if total == 0 and not given.allow_empty:
        raise GuardError("No row matches, and an empty result is only published with --allow-empty")
    if given.min_ids is not None and total < given.min_ids:
        raise GuardError(f"{total} distinct ids are fewer than --min-ids {given.min_ids}")
    if given.max_ids is not None and total > given.max_ids:
        raise GuardError(f"{total} distinct ids are more than --max-ids {given.max_ids}")


JOB = Job(name="extract_ids", summary="Distinct ids of Table B whose document is a CPF of Table A, as parts for idextractor publish",
          add_options=options.add_options, check=options.check, expand=gather.expand, execute=execute, counts=COUNTS,
          fields={"source_partition": None, "parts": None})
