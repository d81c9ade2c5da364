"""The options: those of `idextractor extract`, with the same names, forms and sources, and the
twin's own.
"""
import argparse
import decimal
import re
import urllib.parse
from datetime import timedelta

from ..common.errors import UsageError
from ..common.read import references
from ..common.read.aws import encryption_of
from ..common.run.options import is_plain
from .catalog.names import parse_pin
from .keys.lists import is_list
from .overlap import refuse_inputs

DEFAULT_BROADCAST_LIMIT = 256 << 20
# The engine's longest time.
MAX_DAYS = 10_675_199
_MIN_MEMORY = 64 << 20
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30,
          "TIB": 1 << 40}


def _form(takes, takes_numbers=False):
    """Makes a converter: what it returns None for is refused with what the option takes.

    :param takes_numbers: a config file may give the value as a number
    """
    def decorate(read):
        def convert(text):
            value = read(text)
            if value is None:
                raise argparse.ArgumentTypeError(f"expected {takes}")
            return value
        convert.takes_numbers = takes_numbers
        return convert
    return decorate


@_form("text that is not blank, without control characters")
def name(text):
    return text if is_plain(text) else None


@_form("true, false, 1 or 0")
def flag(text):
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


@_form("glue://database/table, s3://bucket/prefix/, file:///folder or a local path")
def table(text):
    if not is_plain(text) or ("://" in text and not re.match("(s3://[^/]|file:///|glue://)", text)):
        return None
    # To Spark `file:/b` is a URI. To the engine it is a path, as it has no "://".
    text = f"./{text}" if re.match("file:(?!//)", text) else text
    try:
        references.parse(text)
    except UsageError:
        return None
    return text


@_form("s3://bucket/prefix/, file:///folder or a local path")
def folder(text):
    return None if text.startswith("glue://") else table(text)


@_form("a key below the output root, without empty, '.' or '..' parts")
def key(text):
    ok = is_plain(text) and len(text) <= 1024 and "://" not in text and "\\" not in text and not any(part in ("", ".", "..")
            for part in text.split("/"))
    return text if ok else None


@_form("key=value, or key=value/key=value with each key once, where %2F is a slash in a value")
def partition(text):
    return parse_pin(text)


@_form("a length of time above zero in days, hours or minutes, as 2d, 36h or 90m")
def duration(text):
    match = re.fullmatch("([0-9]{1,9})([dhm])", text)
    if not match or int(match[1]) == 0:
        return None
    try:
        found = int(match[1]) * {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}[match[2]]
    except OverflowError:
        return None
    return found if found.days <= MAX_DAYS else None


@_form("a percentage from 0 to 100, as 20 or 12.5%", takes_numbers=True)
def percentage(text):
    digits = text[:-1] if text.endswith("%") else text
    return text if re.fullmatch(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", digits) and float(digits) <= 100 else None


def percent_value(text):
    return float(text.rstrip("%"))


def whole(least, most=(1 << 63) - 1):
    @_form(f"a whole number, {least} or more" if most == (1 << 63) - 1 else f"a whole number from {least} to {most}", takes_numbers=True)
    def read(text):
        return int(text) if re.fullmatch("0*[0-9]{1,19}", text) and least <= int(text) <= most else None
    return read


def size(least):
    @_form("a number of bytes, as 512MiB, 1GiB, 2GB or 1048576", takes_numbers=True)
    def read(text):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([A-Za-z]*)", text)
        if not match or match[2].upper() not in _UNITS:
            return None
        number, unit = decimal.Decimal(match[1]), _UNITS[match[2].upper()]
        return int(number * unit) if number <= ((1 << 63) - 1) // unit and number * unit >= least else None
    return read


@_form("an account number of 12 digits")
def account(text):
    return text if re.fullmatch("[0-9]{12}", text) else None


@_form("the ARN of a role, as arn:aws:iam::<account>:role/<name>")
def role(text):
    return text if re.fullmatch(r"arn:[^:]+:iam::[0-9]{12}:role/[^\s]+", text) else None


def add_options(parser):
    """Adds the options of the job to a parser."""
    def add(option, form, metavar, text, **more):
        parser.add_argument(f"--{option}", type=form, metavar=metavar, help=text, **more)

    def switch(option, text):
        add(option, flag, "true|false", text, nargs="?", const=True, default=False)

    def choose(option, *words):
        add(option, str, None, "as in extract", choices=words, default=words[0])

    add("table-a", table, "REF", "Table A: glue://database/table, Hive folders, or a .csv or .txt list of CPFs (also .gz)")
    add("table-b", table, "REF", "Table B: glue://database/table or Hive folders")
    add("output", folder, "ROOT", "root of the stage and active files; the twin only writes below its parts/")
    add("key-column", name, "NAME", "the CPF column in both tables (documento)", default="documento")
    add("key-column-a", name, "NAME", "the CPF column in A")
    add("key-column-b", name, "NAME", "the CPF column in B")
    add("id-column", name, "NAME", "the column of B that is published (id)", default="id")
    add("partition", partition, "K=V[/K=V]", "pins B's partition, all of its keys or some")
    add("partition-a", partition, "K=V[/K=V]", "pins A's partition")
    add("max-partition-age", duration, "TIME", "fails (exit 6) if B's partition is older, as 2d, 36h or 90m")
    choose("on-empty-partition", "fail", "previous")
    switch("allow-future-partition", "a partition of more than two days in the future may be the latest")
    choose("match", "pad", "concat")
    add("key-width", whole(1, 64), "N", "digits of a key under --match pad (14)")
    choose("on-bad-cpf", "reject", "fail")
    add("max-rejected-percent", percentage, "P", "more rejected values of A than this stop the run, exit 4 (50)", default="50")
    choose("on-null-id", "fail", "drop")
    add("min-ids", whole(0), "N", "fewer distinct ids: exit 4")
    add("max-ids", whole(0), "N", "more distinct ids: exit 4")
    add("max-drop-percent", percentage, "P", "for publish")
    switch("allow-empty", "an empty result may be published")
    switch("allow-older", "for publish")
    switch("skip-if-current", "for publish, which compares its input: the parts")
    add("stage-key", key, "KEY", "for publish")
    add("active-key", key, "KEY", "for publish")
    switch("trailing-newline", "for publish")
    add("gzip-level", whole(0, 9), "N", "for publish")
    add("threads", whole(1, 1024), "N", "accepted and ignored")
    add("max-memory", size(_MIN_MEMORY), "SIZE", "accepted and ignored")
    add("metrics", str, None, "accepted and ignored", choices=("emf", "none"), default="none")
    add("log-level", str, None, "accepted and ignored, as are -v and -vv", choices=("error", "warn", "info", "debug"))
    switch("dry-run", "finds and checks both tables, and reads no rows")
    switch("json", "accepted and ignored")
    add("color", str, None, "accepted and ignored", choices=("auto", "always", "never"))
    add("report-html", name, "FILE", "accepted and ignored")
    add("lang", str, None, "accepted and ignored", choices=("en", "pt-BR"))
    add("config", name, "FILE", "a JSON file with options by their names without dashes")
    switch("path-style", "as in extract")
    switch("request-payer", "as in extract")
    add("sse", str, None, "as in extract", choices=("AES256", "aws:kms", "aws:kms:dsse"))
    add("kms-key-id", name, "ID", "as in extract")
    add("expected-bucket-owner", account, "ACCOUNT", "as in extract")
    add("assume-role", role, "ARN", "as in extract")
    add("catalog-id", account, "ACCOUNT", "Data Catalog of glue:// references that name none")
    add("parts", folder, "URI", "where the parts go (OUTPUT/parts/RUN_ID/)")
    add("broadcast-limit", size(0), "BYTES", "more bytes of keys than this are joined by a shuffle (256MiB)",
        default=DEFAULT_BROADCAST_LIMIT)


def check(options):
    """Refuses options that contradict each other, and derives those that others give.

    :raises UsageError: names the options
    """
    missing = [f"--{one}" for one in ("table-a", "table-b", "output") if getattr(options, one.replace("-", "_")) is None]
    if missing:
        raise UsageError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} required")
    if options.match == "concat" and options.key_width is not None:
        raise UsageError("--key-width has no meaning with --match concat, which puts 000 before a value as it is; give one of the two")
    if options.min_ids is not None and options.max_ids is not None and options.min_ids > options.max_ids:
        raise UsageError(f"--min-ids {options.min_ids} is above --max-ids {options.max_ids}, so no result could pass")
    if options.allow_empty and options.min_ids:
        raise UsageError(f"--allow-empty contradicts --min-ids {options.min_ids}, which no empty result passes; give one of the two")
    if options.stage_key is not None and options.stage_key == (options.active_key or "active/latest.txt.gz"):
        raise UsageError("--stage-key and --active-key name the same key")
    if options.kms_key_id is not None and options.sse == "AES256":
        raise UsageError("--kms-key-id contradicts --sse AES256, which has no key of yours; use --sse aws:kms")
    if options.endpoint_url is not None and not _is_endpoint(options.endpoint_url):
        raise UsageError("--endpoint-url takes an http:// or https:// address without user, password and query, not what was given "
                         "(it is not shown, as it may be a secret)")
    if options.region is not None and not re.fullmatch("[a-z0-9-]{1,63}", options.region):
        raise UsageError("--region takes a region, as sa-east-1")
    if is_list(options.table_a) and options.table_a.startswith("glue://"):
        raise UsageError("--table-a: a list is a file, not a table of the Data Catalog")
    options.key_width = options.key_width or 14
    options.key_column_a = options.key_column_a or options.key_column
    options.key_column_b = options.key_column_b or options.key_column
    given = {setting for setting, _ in options.spark_conf}
    options.spark_conf += [(setting, value) for setting, value in connector_settings(options) if setting not in given]
    refuse_inputs(options)


def _is_endpoint(text):
    try:
        address = urllib.parse.urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and not any(mark in text for mark in "@?#")
    except ValueError:
        return False


def connector_settings(options):
    """Settings of S3A, Spark's connector, for what it has in common with the AWS options. Others are checked by parts.verify."""
    sse, kms_key = encryption_of(options.sse, options.kms_key_id)
    settings = {"path.style.access": "true" if options.path_style else None,
                "requester.pays.enabled": "true" if options.request_payer else None,
                "encryption.algorithm": {"AES256": "AES256", "aws:kms": "SSE-KMS"}.get(sse), "encryption.key": kms_key}
    return [(f"spark.hadoop.fs.s3a.{one}", value) for one, value in settings.items() if value]
