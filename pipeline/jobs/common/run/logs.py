"""Log lines on stderr, as text or as JSON."""
import datetime
import json
import sys


class Log:
    """Writes one line per message. A closed stderr never fails a run."""

    def __init__(self, form="text", quiet=False, stream=None):
        self._form = form
        self._quiet = quiet
        self._stream = stream

    def info(self, message):
        if not self._quiet:
            self._write("info", message)

    def warning(self, message):
        self._write("warning", message)

    def error(self, message):
        self._write("error", message)

    def _write(self, level, message):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self._form == "json":
            line = json.dumps({"time": now, "level": level, "message": message}, ensure_ascii=False)
        else:
            line = f"{now} {level}: {message}"
        stream = self._stream or sys.stderr
        try:
            print(line, file=stream, flush=True)
        except (OSError, ValueError):
            pass
