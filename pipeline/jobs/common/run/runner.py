"""From arguments to an exit code: one run, or the runs of a batch."""
import contextlib
import dataclasses
import json
import signal
import sys
import threading
import typing

from ..errors import JobError, Terminated, UsageError
from ..read.aws import Aws
from ..read.references import place
from ..read.stores import Stores
from ..report.report import Report, encode, print_line
from . import endless, failures
from .logs import Log
from .options import HelpShown, common_from_broken, parser_for, refuse_one_file
from .session import Sessions, Stop


@dataclasses.dataclass(frozen=True)
class Job:
    """A job: its options, what it does, and what its report starts from.

    add_options  adds the job's own options to a parser
    check        raises UsageError for options that do not go together
    execute      does the work: takes a Run, returns nothing, raises JobError
    counts       the counts of the report, all 0
    fields       the fields that the job adds to the report
    expand       arguments -> (arguments, JobError or None), before they are parsed: with options from elsewhere
    """

    name: str
    summary: str
    add_options: typing.Callable
    check: typing.Callable
    execute: typing.Callable
    counts: dict
    fields: dict
    expand: typing.Callable = None


class Run:
    """What a job works with."""

    def __init__(self, job, options, report, log, sessions, glue=None):
        self.job = job
        self.options = options
        self.report = report
        self.log = log
        self.sessions = sessions
        self.aws = Aws(options)
        self.stores = Stores(self.aws)
        self.glue = glue
        """The GlueContext's side of a run on Glue (run.glue.OnGlue), or None."""
        self.scans = []
        """(DataFile, names of top-level columns) of what Spark reads."""
        self._plans = []

    @property
    def counts(self):
        return self.report.counts

    @property
    def fields(self):
        return self.report.fields

    @property
    def run_id(self):
        return self.report.run_id

    @property
    def started(self):
        return self.report.started

    @property
    def spark(self):
        return self.sessions.get(self.options)

    def explain(self, frame):
        """Adds the plan of a query to --explain's file. Call it before the query runs."""
        if self.options.explain is None:
            return
        mode = frame.sparkSession._jvm.org.apache.spark.sql.execution.ExplainMode.fromString("formatted")
        self._plans.append(frame._jdf.queryExecution().explainString(mode))
        target = place(self.options.explain)
        self.stores.write(target, "\n".join(self._plans).encode("utf-8", "replace"))


def main(job, argv):
    """Runs the job and returns the exit code. Never ends the process."""
    sessions = Sessions()
    with _terminable(sessions):
        try:
            if _names_batch(argv):
                return _batch(job, argv, sessions)
            return run_once(job, argv, sessions)
        except Stop:  # before the first run, or after the last one
            return Terminated.exit_code
        finally:
            sessions.close()


def run_once(job, argv, sessions, glue=None, outcome=None):
    """One run: report file, report line, exit code. outcome, a list, receives the report."""
    report = Report(job.name, job.counts, job.fields)
    options, error, run = None, None, None
    try:
        try:
            _allow_stop(sessions)
            options = _parse(job, argv)
            log = Log(options.log, options.quiet)
            sessions.begin(options)
            run = Run(job, options, report, log, sessions, glue)
            sessions.watch.begin()
            job.execute(run)
            if glue is not None:
                glue.commit()
        finally:
            sessions.is_interruptible = False  # whatever happened is reported
    except HelpShown:
        return 0
    except Stop:
        error = Terminated("ended by SIGTERM")
    except Exception as raised:  # every failure becomes a report and an exit code
        error = failures.typed(raised)
        error = endless.explain(run, error) if run is not None else error
        if error is None:
            # While a JVM dies, pyspark may take a broken reply for any of its exceptions.
            error = failures.lost_jvm() if sessions.has_lost_jvm() else bug(raised)
    finally:
        sessions.watch.end()
    if options is None:
        with contextlib.suppress(Exception):  # a bug in it is what is reported
            argv, _ = _expanded(job, argv)
        options = common_from_broken(argv)
        log = Log(options.log, options.quiet)
    code = 0 if error is None else error.exit_code
    document = report.finish(code, error)
    if error is not None:
        log.error(error.message)
    _write_report(options, document, log)
    print_line(document)
    if outcome is not None:
        outcome.append(document)
    return code


def _names_batch(argv):
    return any(isinstance(argument, str) and (argument == "--batch" or argument.startswith("--batch=")) for argument in argv)


def _expanded(job, argv):
    return job.expand(argv) if job.expand is not None else (argv, None)


def bug(raised):
    """The JobError of an exception without a known reason. Its traceback goes to stderr."""
    with contextlib.suppress(OSError, ValueError):
        print(failures.safe_traceback(raised), file=sys.stderr, flush=True)
    return JobError(f"a bug: {failures.kinds(raised)} (the traceback is on stderr)")


def _parse(job, argv):
    if _names_batch(argv) and argv != ["--batch"]:  # before the parser misses the options of a single run
        raise UsageError("--batch must be the only option, and does not nest")
    argv, error = _expanded(job, argv)
    if error is not None:
        raise error
    options = parser_for(job).parse_args(argv)
    if options.batch is not None:
        raise UsageError("--batch must be the only option, and does not nest")
    refuse_one_file(options)
    job.check(options)
    return options


def _write_report(options, document, log):
    if options.report is None:
        return
    if options.report == "-":
        return  # stdout has it anyway
    try:
        target = place(options.report)
        stores = Stores(Aws(options))
        stores.write(target, encode(document).encode() + b"\n")
    except Exception as error:  # stdout has it, and a batch goes on
        log.warning(f"the report was not written: {error.message if isinstance(error, JobError) else type(error).__name__}")


def _batch(job, argv, sessions):
    """Runs one after another. The exit code is the first that is not 0."""
    name = _batch_file(job, argv)
    if name is None:
        return run_once(job, argv, sessions)  # fails in the parser, with a report
    try:
        stream = sys.stdin.buffer if name == "-" else open(name, "rb")
    except OSError as error:
        return _failed_line(job, UsageError(f"--batch {name}: {error.strerror}"))
    result = 0
    with contextlib.nullcontext() if name == "-" else stream:
        try:
            while (line := _next_line(stream, sessions)):
                if not line.strip():
                    continue
                code = _batch_line(job, line, sessions)
                result = result or code
                if code == Terminated.exit_code:
                    break
        except Stop:  # while it waits for a line: there is no run to report
            result = result or Terminated.exit_code
    return result


def _next_line(stream, sessions):
    _allow_stop(sessions)
    line = stream.readline()
    sessions.is_interruptible = False
    return line


def _batch_file(job, argv):
    if len(argv) == 2 and argv[0] == "--batch":
        return argv[1]
    if len(argv) == 1 and argv[0].startswith("--batch="):
        return argv[0][len("--batch="):]
    return None


def _batch_line(job, line, sessions):
    try:
        arguments = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, list) or not all(isinstance(a, str) for a in arguments):
        return _failed_line(job, UsageError("a line of --batch is not a JSON array of strings"))
    if "-h" in arguments or "--help" in arguments:
        return _failed_line(job, UsageError("--help is not an option of a line of --batch"))
    return run_once(job, arguments, sessions)


def _failed_line(job, error):
    """The report of a run that did not start."""
    Log().error(error.message)
    print_line(Report(job.name, job.counts, job.fields).finish(error.exit_code, error))
    return error.exit_code


def _allow_stop(sessions):
    """SIGTERM ends what follows, also one that came before."""
    sessions.is_interruptible = True
    if sessions.is_interrupted:
        raise Stop()


@contextlib.contextmanager
def _terminable(sessions):
    """Turns the first SIGTERM into Stop; further ones are ignored while the run cleans up.

    One that comes while a run is reported ends the batch after the report.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sessions.abort()
        sessions.is_interrupted = True
        if sessions.is_interruptible:
            raise Stop()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
