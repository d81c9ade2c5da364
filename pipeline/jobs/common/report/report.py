"""The run report: one JSON object, on stdout and, if asked for, in a file."""
import copy
import json
import secrets
import sys
import time
import datetime

SCHEMA = "idextractor/job-report/1"


class Report:
    """Counts and fields as they become known. It holds counts, files, columns, types and partitions, never a value of a row."""

    def __init__(self, job_name, counts=None, fields=None):
        self.started = datetime.datetime.now(datetime.timezone.utc)
        self._clock = time.monotonic()
        self.job_name = job_name
        self.run_id = f"{self.started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self.counts = copy.deepcopy(counts or {})
        self.fields = copy.deepcopy(fields or {})

    def finish(self, exit_code, error=None):
        """The report as a dict. error is a JobError or None."""
        described = None
        if error is not None:
            described = {"message": error.message}
            if error.file is not None:
                described["file"] = error.file
            if error.column is not None:
                described["column"] = error.column
        return {
            "schema": SCHEMA,
            "job": self.job_name,
            "run_id": self.run_id,
            "status": "succeeded" if exit_code == 0 else "failed",
            "exit_code": exit_code,
            "started_at": self.started.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "seconds": round(time.monotonic() - self._clock, 3),
            "counts": self.counts,
            "error": described,
            **self.fields,
        }


def encode(report):
    """One line. Names that are not UTF-8 are escaped."""
    return json.dumps(report, ensure_ascii=True, separators=(",", ":"))


def print_line(report):
    """The last line of stdout. A closed or full stdout does not change what was published."""
    try:
        print(encode(report), flush=True)
    except (OSError, ValueError):
        try:
            sys.stderr.write("warning: stdout is closed; the report was not printed\n")
        except (OSError, ValueError):
            pass
