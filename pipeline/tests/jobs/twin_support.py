"""What the tests of the twin share: the engine, cases with their expected results, and the
comparison of the two.
"""
import concurrent.futures
import gzip
import json
import os
import re
import subprocess
import unittest

from support import extractor

from .spark_support import ROOT, run_job

DEV = os.path.join(ROOT, "..", "shared", "jobs", "dev")
COMMITTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "twin")
ACTIVE = "active/latest.txt.gz"
DOCUMENT = re.compile(r"(?<![0-9])000[0-9]{11}(?![0-9])")
# What a refusal of the twin names where the engine reads: codec, encoding, digits.
DIFFERENCE = re.compile(r"Spark 3\.5 cannot read (?:the (?:codec|encoding) (\w+)|(DECIMAL)\(\d+,\d+\) of more than 38 digits) of column "
                        r"'(\w+)'")


_beside = concurrent.futures.ThreadPoolExecutor(1)


def require_engine():
    """Skips where the engine is not built; a failure where CI is set."""
    reason = extractor.missing()
    if reason and os.environ.get("CI"):
        raise AssertionError(reason)
    if reason:
        raise unittest.SkipTest(reason)


def engine(*options, **more):
    """(exit code, stdout and stderr) of the engine."""
    require_engine()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IDEXTRACTOR_")}
    done = subprocess.run([*extractor.program(), *map(str, options)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=environment, check=False, **more)
    return done.returncode, done.stdout + done.stderr


def cases(folder):
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as stream:
        return json.load(stream)


def active(output, key=ACTIVE):
    """(text, metadata) of the active file; (None, None) if there is none."""
    path = os.path.join(output, key)
    if not os.path.exists(path):
        return None, None
    with open(path + ".metadata.json", encoding="utf-8") as stream:
        metadata = json.load(stream)
    with gzip.open(path) as stream:
        return stream.read(), metadata.get("metadata", metadata)


def twin(*options):
    """The twin, then publish with its command: (exit code of the pair, report, what both printed)."""
    return start_twin(*options)()


def start_twin(*options):
    """Runs the twin, and starts publish with its command. Returns a function that waits for it and returns what `twin` does."""
    code, report, printed = run_job("extract_ids", *options)
    printed += json.dumps(report)
    if code:
        assert "publish_command" not in report, "a failed run has a publish command"
        return lambda: (code, report, printed)
    running = start_engine(*report["publish_command"])

    def finish():
        published, more = running.result()
        return published, report, printed + more
    return finish


def start_engine(*options):
    """`engine`, as a Future. The engine runs beside Spark."""
    require_engine()
    return _beside.submit(engine, *options)


def difference(report):
    """(what, column) of a documented difference, or None. Without a file and a column it is none."""
    error = report["error"]
    found = DIFFERENCE.search(error["message"]) if error else None
    return (found.group(1) or found.group(2), found.group(3)) if found and error.get("file") and error.get("column") else None
