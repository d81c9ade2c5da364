"""A job as a Glue script. The only module that imports awsglue.

Glue marks a run FAILED when SystemExit leaves the script, even of 0, and getResolvedOptions ends the process on a missing argument.
So arguments are parsed here, success returns, and failure raises one exception.
"""
import argparse

from ..errors import ConfigurationError, TemporaryError, UsageError
from . import failures, runner
from .options import parser_for

# Arguments of Glue itself; they may have a value or not.
GLUE_NAMES = {
    "tempdir", "class", "conf", "scriptlocation", "datalake-formats", "user-jars-first", "encryption-type", "security-configuration",
    "redshifttempdir", "workflow-name", "workflow-run-id", "catalog-id", "python-modules-installer-option", "spark-event-logs-path",
    "write-shuffle-files-to-s3", "write-shuffle-spills-to-s3", "executor-cores", "auto-scaling", "catalog-skip-archive",
    "use-postgres-driver", "library-set", "execution-class",
}
GLUE_PREFIXES = ("enable-", "disable-", "job-", "extra-", "continuous-log", "additional-", "custom-", "customer-", "workflow-", "security-",
                 "spark-", "glue-", "aws-", "auto-scale-")
# One whose value is an option itself.
OPTIONS_OF_OTHERS = "python-modules-installer-option"
BOOKMARKS = "job-bookmark-option"


class JobFailed(Exception):
    """The one exception of a failed run; its message is that of the report."""


class OnGlue:
    """What a run may ask of Glue: frames of the catalog, read with Glue's bookmark, and the commit at its end."""

    def __init__(self, context, glue_job, bookmarks):
        self._context = context
        self._job = glue_job
        self.bookmarks = bookmarks

    def bronze(self, database, table, context_name):
        """New rows of a catalog table as a DataFrame; types that differ between files become text."""
        frame = self._context.create_dynamic_frame.from_catalog(database=database, table_name=table, transformation_ctx=context_name)
        return frame.resolveChoice(choice="cast:string").toDF()

    def commit(self):
        """Advances Glue's bookmark. Part of the run, so that its report knows of a failure."""
        try:
            self._job.commit()
        except Exception as error:
            raise failures.typed(error) or TemporaryError(f"everything is published, but Glue's job.commit() failed "
                                                          f"({failures.kinds(error)}); run again") from error


def run(job, argv, translate=None):
    """Runs the job with Glue's arguments (sys.argv). Returns after job.commit(), or raises JobFailed.

    translate, for callers with names of their own, has `names` (a set of Glue argument names) and maps {name: [values]} to
    {option: [values]}.
    """
    outcome = []
    try:
        _run(job, argv, translate, outcome)
    except JobFailed:
        raise
    except SystemExit as error:
        raise JobFailed(f"the job tried to end the process ({error.code})") from None


def _run(job, argv, translate, outcome):
    sessions = runner.Sessions()
    try:
        options, glue_arguments, error = _arguments(job, argv[1:], translate)
        if error is not None:
            raise _reported(job, error)
        try:
            side = _start(job, options, glue_arguments, sessions)
        except Exception as wrong:
            raise _reported(job, failures.typed(wrong) or runner.bug(wrong)) from None
        code = runner.run_once(job, options, sessions, side, outcome)
        if code != 0:
            raise JobFailed(outcome[0]["error"]["message"] if outcome else f"exit code {code}")
    finally:
        sessions.close()


def _reported(job, error):
    """JobFailed for a run that does not begin. Its report is printed."""
    runner.print_line(runner.Report(job.name, job.counts, job.fields).finish(error.exit_code, error))
    return JobFailed(error.message)


def _start(job, options, glue_arguments, sessions):
    try:
        from awsglue.context import GlueContext
        from awsglue.job import Job as GlueJob
    except ImportError as error:
        raise ConfigurationError("awsglue cannot be imported: this script runs on Glue; elsewhere use python3 -m pipeline.jobs."
                                 + job.name) from error
    common = argparse.Namespace(master=None, spark_conf=[])
    parsed = _quietly(job, options)
    spark = sessions.get(parsed or common)
    context = GlueContext(spark.sparkContext)
    glue_job = GlueJob(context)
    glue_job.init(glue_arguments["JOB_NAME"], glue_arguments)
    bookmarks = glue_arguments.get(BOOKMARKS, "") == "job-bookmark-enable"
    return OnGlue(context, glue_job, bookmarks)


def _quietly(job, options):
    """The parsed options, or None: run_once parses them again and reports what is wrong."""
    try:
        return parser_for(job).parse_args(options)
    except Exception:  # reported by run_once
        return None


def _arguments(job, argv, translate):
    """(options, Glue's arguments, error). `--source_key x` and `--source_key=x` both occur."""
    own, glue_arguments = {}, {}
    flags, known = _names(job)
    index = 0
    error = None
    while index < len(argv):
        argument = argv[index]
        index += 1
        if not argument.startswith("--"):
            error = error or UsageError("an argument without a name: expected --NAME value")
            continue
        name, equals, value = argument[2:].partition("=")
        plain = name.replace("_", "-")
        takes_any = (plain in known and plain not in flags) or plain == OPTIONS_OF_OTHERS
        takes_next = not equals and index < len(argv) and (takes_any or not argv[index].startswith("--"))
        if takes_next:
            value = argv[index]
            index += 1
        if plain in known:
            own.setdefault(plain, []).append(value)
        elif translate is not None and name in translate.names:
            own.setdefault(name, []).append(value)
        elif name == "JOB_NAME" or _of_glue(name):
            glue_arguments[name] = value
        else:
            error = error or UsageError(f"--{name} is not an argument of this job")
    if "JOB_NAME" not in glue_arguments:
        error = error or UsageError("the argument --JOB_NAME is missing")
    if error is None and translate is not None:
        try:
            own = translate(own)
        except UsageError as wrong:
            error = wrong
    return _as_options(own, flags), glue_arguments, error


def _of_glue(name):
    lower = name.lower().replace("_", "-")
    return lower in GLUE_NAMES or lower.startswith(GLUE_PREFIXES)


def _names(job):
    """({name of a flag: whether it may have a value}, names of all options), without dashes in front."""
    flags, known = {}, set()
    parser = parser_for(job)
    for action in parser._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                known.add(option[2:])
                if action.nargs in (0, "?"):
                    flags[option[2:]] = action.nargs == "?"
    return flags, known


def _as_options(own, flags):
    """Glue passes text only: `--allow_empty true` is the flag, `--allow_empty false` is its absence."""
    options = []
    for name, values in own.items():
        for value in values:
            if name not in flags:
                options += [f"--{name}={value}"]
            elif value.strip().lower() in ("", "true", "1", "yes"):
                options.append(f"--{name}")
            elif value.strip().lower() in ("false", "0", "no"):
                # An option that may have a value can come from elsewhere too, such as the environment. The argument wins.
                options += [f"--{name}=false"] if flags[name] else []
            else:
                options.append(f"--{name}={value}")  # the parser refuses it
    return options
