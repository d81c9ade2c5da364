"""What the tests of the twin share: the engine, cases with their expected results, and the
comparison of the two.
"""
import gzip
import json
import os
import re
import subprocess
import unittest

from .spark_support import ROOT, run_job

DEV = os.path.join(ROOT, "..", "shared", "jobs", "dev")
COMMITTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "twin")
ENGINE = os.path.join(ROOT, "src", "IdExtractor", "bin", "Release", "net10.0", "idextractor.dll")
DOCUMENT = re.compile(r"(?<![0-9])000[0-9]{11}(?![0-9])")
# What a refusal of the twin names where the engine reads: codec, encoding, digits.
DIFFERENCE = re.compile(r"Spark 3\.5 cannot read (?:the (?:codec|encoding) (\w+)|(DECIMAL)\(\d+,\d+\) of more than 38 digits) of column "
                        r"'(\w+)'")


def require_engine():
    """Skips where the engine is not built; a failure where CI is set."""
    if os.path.exists(ENGINE):
        return
    reason = "the engine is not built: dotnet build src/IdExtractor -c Release"
    if os.environ.get("CI"):
        raise AssertionError(reason)
    raise unittest.SkipTest(reason)


def engine(*options, **more):
    """(exit code, stdout and stderr) of the engine."""
    require_engine()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IDEXTRACTOR_")}
    done = subprocess.run(["dotnet", ENGINE, *map(str, options)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=environment, check=False, **more)
    return done.returncode, done.stdout + done.stderr


def cases(folder):
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as stream:
        return json.load(stream)


def active(output):
    """(text, metadata) of the active file; (None, None) if there is none."""
    path = os.path.join(output, "active", "latest.txt.gz")
    if not os.path.exists(path):
        return None, None
    with open(path + ".metadata.json", encoding="utf-8") as stream:
        metadata = json.load(stream)
    with gzip.open(path) as stream:
        return stream.read(), metadata.get("metadata", metadata)


def twin(*options):
    """The twin, then publish with its command: (exit code of the pair, report, what both printed)."""
    code, report, printed = run_job("extract_ids", *options)
    if code:
        assert "publish_command" not in report, "a failed run has a publish command"
        return code, report, printed + json.dumps(report)
    published, more = engine(*report["publish_command"])
    return published, report, printed + json.dumps(report) + more


def difference(report):
    """(what, column) of a documented difference, or None. Without a file and a column it is none."""
    error = report["error"]
    found = DIFFERENCE.search(error["message"]) if error else None
    return (found.group(1) or found.group(2), found.group(3)) if found and error.get("file") and error.get("column") else None
