"""The step of the Glue workflow: its module, for tests with a clock of their own, and its process."""
import importlib.util
import json

from . import programs
from .emulator import ROOT

SCRIPT = ROOT / "pipeline" / "python_shell" / "submit_extractor.py"


def module():
    spec = importlib.util.spec_from_file_location("submit_extractor", SCRIPT)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Run:
    """A run that has ended: exit code, the events of standard output, standard error."""

    def __init__(self, code, output, errors):
        self.code, self.errors = code, errors
        self.events = [json.loads(line) for line in output.splitlines()]

    @property
    def names(self):
        return [event["event"] for event in self.events]

    @property
    def last_error(self):
        return self.errors.strip().splitlines()[-1]


def start(environment, *words, starter=programs.start):
    """The step as a process. `starter` is programs.fork where many are started."""
    return starter(SCRIPT, words, environment)


def finish(process):
    output, errors = process.communicate(timeout=120)
    return Run(process.returncode, output, errors)
