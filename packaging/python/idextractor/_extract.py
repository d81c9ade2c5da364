"""extract(): the command of the same name as a function."""
import json
import logging
import os
import subprocess
import threading
from typing import IO, Any, Dict, List, Mapping, Optional, Union

from ._errors import UsageError, error_of
from ._program import program
from ._result import Result, result_of

_LOG = logging.getLogger("idextractor")
_LOG.addHandler(logging.NullHandler())
_LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
# The program ends within 20 seconds of a signal.
_SECONDS_TO_END = 25
_STANDARD_OUTPUT = "-"

Location = Union[str, "os.PathLike[str]"]


def extract(
    table_a: Location,
    table_b: Location,
    output: Location,
    *,
    key_column: Optional[str] = None,
    key_column_a: Optional[str] = None,
    key_column_b: Optional[str] = None,
    id_column: Optional[str] = None,
    partition: Optional[str] = None,
    partition_a: Optional[str] = None,
    max_partition_age: Optional[str] = None,
    allow_future_partition: bool = False,
    on_empty_partition: Optional[str] = None,
    match: Optional[str] = None,
    key_width: Optional[int] = None,
    on_bad_cpf: Optional[str] = None,
    max_rejected_percent: Optional[float] = None,
    on_null_id: Optional[str] = None,
    stage_key: Optional[str] = None,
    active_key: Optional[str] = None,
    trailing_newline: bool = False,
    gzip_level: Optional[int] = None,
    min_ids: Optional[int] = None,
    max_ids: Optional[int] = None,
    max_drop_percent: Optional[float] = None,
    allow_empty: bool = False,
    allow_older: bool = False,
    skip_if_current: bool = False,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    report: Optional[Location] = None,
    report_html: Optional[Location] = None,
    lang: Optional[str] = None,
    config: Optional[Location] = None,
    region: Optional[str] = None,
    endpoint_url: Optional[str] = None,
    path_style: bool = False,
    request_payer: bool = False,
    sse: Optional[str] = None,
    kms_key_id: Optional[str] = None,
    expected_bucket_owner: Optional[str] = None,
    assume_role: Optional[str] = None,
    catalog_id: Optional[str] = None,
    environment: Optional[Mapping[str, str]] = None,
) -> Result:
    """Publishes the ids of Table B's rows whose document is a CPF of Table A.

    Tables and output are folders, s3://bucket/prefix/ addresses or glue://database/table; Table A may be a
    list of CPFs. The options are those of `idextractor extract`, with its defaults; what is not given here
    may come from IDEXTRACTOR_... variables, as for the command. `environment` replaces the variables of
    the process, credentials among them.

    Log lines of the program go to the logger "idextractor", at its level. Returns the result; raises an
    IdExtractorError whose class names the reason, and whose `retry` tells whether another run may help.
    When the caller is interrupted, the program is ended first.
    """
    options = {name: value for name, value in locals().items() if name != "environment"}
    variables = os.environ if environment is None else environment
    if (variables.get("IDEXTRACTOR_REPORT") if report is None else os.fspath(report)) == _STANDARD_OUTPUT:
        raise UsageError("report cannot be standard output, which extract() reads: name a file", 2, None)
    return _run([str(program()), "extract", *_words(options), "--json", "--log", "json", "--log-level", _log_level(), "--metrics", "none"], environment)


def _words(options: Mapping[str, Any]) -> List[str]:
    """The command line of the options that were given."""
    words = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        # One word for name and value: a value that begins with a dash is no option then.
        words.append(f"--{name.replace('_', '-')}" + ("" if value is True else f"={os.fspath(value) if hasattr(value, '__fspath__') else value}"))
    return words


def _log_level() -> str:
    if _LOG.isEnabledFor(logging.DEBUG):
        return "debug"
    return "info" if _LOG.isEnabledFor(logging.INFO) else "warn"


def _run(command: List[str], environment: Optional[Mapping[str, str]]) -> Result:
    last: Dict[str, Any] = {}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        env=None if environment is None else dict(environment),
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        log = threading.Thread(target=_pass_on, args=(process.stderr, last), daemon=True)
        try:
            log.start()
            lines = process.stdout.read().splitlines()
            process.wait()
        except BaseException:
            _end(process)
            raise
        finally:
            log.join(_SECONDS_TO_END)
    if process.returncode != 0:
        raise error_of(process.returncode, last.get("message"), last.get("run_id"))
    result = next((line for line in map(_object, lines) if line.get("event") == "result"), None)
    if result is None:
        raise error_of(0, "the program ended with exit code 0 and gave no result: look at the active file before you use it", last.get("run_id"))
    if result["outcome"] == "planned":
        raise UsageError("dry-run is set, so nothing was published; unset IDEXTRACTOR_DRY_RUN, or remove dry-run from the config file", 2, result.get("run_id"))
    return result_of(result)


def _object(text: str) -> Dict[str, Any]:
    """A line of JSON; empty if it is none, such as one of a report that a config file sends to standard output."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _pass_on(stream: IO[str], last: Dict[str, Any]) -> None:
    """Sends the program's log lines to the logger, and keeps its error."""
    for text in stream:
        try:
            line = json.loads(text)
        except ValueError:
            # Not of the program's log, so its content is unknown.
            continue
        if line.get("event") == "failed":
            last.update(line)
        fields = "".join(f" {name}={value}" for name, value in (line.get("fields") or {}).items())
        _LOG.log(_LEVELS.get(line.get("level", ""), logging.INFO), "%s%s", line.get("message") or line.get("event"), fields)


def _end(process: "subprocess.Popen[str]") -> None:
    """Asks the program to end as a scheduler does: it aborts its uploads and leaves the active file as it was."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
