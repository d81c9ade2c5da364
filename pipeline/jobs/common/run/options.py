"""The options that every job has, and a parser that raises instead of ending the process."""
import argparse
import decimal
import itertools
import re

from ..errors import UsageError, masked
from ..publish.publication import STAGING
from ..read.references import place
from ..read.stores import is_hidden

class HelpShown(Exception):
    """--help was printed; there is nothing to run."""


class Once(argparse.Action):
    """Stores a value, and refuses a second one: which of the two was meant is anyone's guess."""

    def __call__(self, parser, namespace, values, option_string=None):
        given = namespace.__dict__.setdefault("_given", set())
        if self.dest in given:
            parser.error(f"{option_string} is given more than once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """argparse ends the process on errors and on --help, which fails a Glue job. This one raises."""

    def __init__(self, **settings):
        super().__init__(allow_abbrev=False, **settings)
        self.register("action", None, Once)
        self.register("action", "store", Once)

    def error(self, message):
        raise UsageError(f"{_without_words(masked(message))} (--help lists the options)")

    def exit(self, status=0, message=None):
        raise HelpShown()


def _without_words(message):
    """A message of argparse without what may have been pasted into the wrong place, but with names of options."""
    start, _, words = message.partition("unrecognized arguments: ")
    if not words:
        return re.sub("invalid choice: '.*?' \\(", "invalid choice (", message, flags=re.DOTALL)
    names = [word.partition("=")[0] for word in words.split() if word.startswith("--")]
    return f"{start}{', '.join(names)} {'is' if len(names) == 1 else 'are'} not known" if names else f"{start}a word without an option"


def is_plain(text):
    """Whether a text can name something: it is not blank, UTF-8, and has no control characters."""
    return bool(text.strip()) and not re.search("[\0-\x1f\x7f-\x9f\ud800-\udfff]", text)


def parser_for(job):
    """The parser of a job: its own options, then those of every job."""
    parser = Parser(prog=f"python3 -m pipeline.jobs.{job.name}", description=job.summary)
    job.add_options(parser)
    add_common_options(parser)
    return parser


def add_common_options(parser):
    group = parser.add_argument_group("options of every job")
    group.add_argument("--master", metavar="URL",
                       help="Spark master; default SPARK_MASTER, else local[*]; on a cluster, the existing session")
    group.add_argument("--spark-conf", metavar="K=V", action="append", default=[], type=setting, help="a Spark setting; repeatable")
    group.add_argument("--report", metavar="FILE", type=_file, help="write the run report here, also on failure")
    group.add_argument("--explain", metavar="FILE", type=_file, help="write EXPLAIN FORMATTED of the query that does the work, before it runs")
    group.add_argument("--log", choices=("text", "json"), default="text", help="form of the log lines on stderr")
    group.add_argument("--quiet", action="store_true", help="log warnings and errors only")
    group.add_argument("--endpoint-url", metavar="URL", help="AWS endpoint; default: the SDK's chain")
    group.add_argument("--region", help="AWS region; default: the SDK's chain")
    group.add_argument("--batch", metavar="FILE",
                       help="run many: each line is a JSON array of options, - is stdin; must be the only option")


def _file(text):
    if not is_plain(text):
        raise argparse.ArgumentTypeError("expected a path that is not blank, without control characters")
    return text


def setting(text):
    """K=V as a pair."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError("expected K=V")
    return name.strip(), value


def percent(text):
    """A number from 0 to 100, exact."""
    try:
        value = decimal.Decimal(text)
    except decimal.InvalidOperation:
        value = decimal.Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 100:
        raise argparse.ArgumentTypeError("expected a number from 0 to 100")
    return value


def database_and_table(text):
    """DB.TABLE as a pair."""
    database, dot, table = text.partition(".")
    if not dot or not database or not table or "." in table:
        raise argparse.ArgumentTypeError("expected DATABASE.TABLE")
    return database, table


def catalog_location(text):
    """The text of a Location: what a catalog hands to every reader, so not relative to this process's folder."""
    try:
        is_location = is_plain(text) and (place(text).is_s3 or re.match("/|file:/", text, re.IGNORECASE))
    except UsageError:
        is_location = False
    if not is_location:
        raise argparse.ArgumentTypeError("expected s3://bucket/prefix/, file:///absolute/path or an absolute path")
    return text


def refuse_one_file(options):
    """Raises UsageError where two options name one file that a run writes: the one written last would replace the other."""
    texts = [(f"--{name}", getattr(options, name, None)) for name in ("bookmark", "explain", "report")]
    given = [(name, text) for name, text in texts if text not in (None, "-")]
    for (first, one), (second, other) in itertools.combinations(given, 2):
        if place(one).below(place(other)) == "":
            raise UsageError(f"{first} and {second} both name {masked(one)}; give each a file of its own")


def refuse_as_data(files, places):
    """Raises UsageError for a file that a run writes, [(option, text)], where it would be data of a place, [(option, Place)].

    Hidden names never are data, but staging is removed.
    """
    for name, text in files:
        for other, output in places if text not in (None, "-") else ():
            path = output.below(place(text))
            if path is not None and not is_hidden(path):
                raise UsageError(f"{name} must not be below {other}: it would be read as data. A name that begins with _ or a dot is not")
            if path is not None and path.partition("/")[0] == STAGING:
                raise UsageError(f"{name} must not be in the staging folder of {other}: it would be removed")


def common_from_broken(arguments):
    """--report, --log, --quiet and the AWS options of arguments that were refused, so that the failure is still reported where
    asked.

    `--log xml --report r.json` gives report r.json and the default form of logs. A report below a place that another option names is not
    written: it may be what was refused, and would replace an input or an output.
    """
    parser = Parser(add_help=False)
    parser.add_argument("--report")
    parser.add_argument("--log", default="text")
    parser.add_argument("--quiet", action="store_true")
    for option in ("--endpoint-url", "--region"):
        parser.add_argument(option)
    try:
        options, others = parser.parse_known_args([a for a in arguments if isinstance(a, str)])
        if options.report not in (None, "-") and (not is_plain(options.report) or _is_taken(options.report, others)):
            options.report = None
    except (UsageError, HelpShown):
        options = argparse.Namespace(report=None, log="text", quiet=False)
    if options.log not in ("text", "json"):
        options.log = "text"
    return options


def _is_taken(report, arguments):
    """Whether a report is at or below a place of these arguments. Below --output, whose files are .gz, it is fine."""
    target, option = place(report), ""
    for argument in arguments:
        if argument.startswith("--"):
            option, _, argument = argument.partition("=")
        if not argument or argument.startswith("glue://") or (option == "--output" and not report.endswith(".gz")):
            continue
        try:
            if place(argument).contains(target):
                return True
        except UsageError:  # not a place
            pass
    return False
