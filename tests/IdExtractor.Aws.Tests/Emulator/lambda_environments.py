"""Processes that run Lambda functions. As on Lambda, one that has replied stays warm and serves the next invocation of the same code."""
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile

BOOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lambda_boot.py")
MARK = "@@result@@"

_idle = {}
_lock = threading.Lock()


class Environment:
    """The package in a folder of its own, and a process in it."""

    def __init__(self, code, handler, variables):
        self._folder = tempfile.TemporaryDirectory()
        zipfile.ZipFile(io.BytesIO(code)).extractall(self._folder.name)
        self._process = subprocess.Popen([sys.executable, BOOT, handler], cwd=self._folder.name, env=variables, text=True, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, event, context):
        """One invocation. Returns the reply ({"value"} or {"error"}; None if the process ended without one) and what the function printed."""
        try:
            self._process.stdin.write(json.dumps({"event": event, "context": context}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        printed = []
        for line in self._process.stdout:
            if line.startswith(MARK):
                return json.loads(line[len(MARK):]), "".join(printed)
            printed.append(line)
        return None, "".join(printed)

    def is_usable(self, reply):
        return reply is not None and reply.get("error", {}).get("errorType") != "Sandbox.Timedout"

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def invoke(code, handler, variables, event, context):
    """Runs a function in a warm environment if there is one, otherwise in a new one."""
    kind = (hash(code), handler, tuple(sorted(variables.items())))
    with _lock:
        environment = _idle[kind].pop() if _idle.get(kind) else None
    environment = environment or Environment(code, handler, variables)
    reply, printed = environment.run(event, context)
    if environment.is_usable(reply):
        with _lock:
            _idle.setdefault(kind, []).append(environment)
    else:
        environment.close()
    return reply, printed
