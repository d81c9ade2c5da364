"""workflow.py as a process on a deployed pipeline."""
import json
import pathlib
import unittest

from . import programs
from .requirements import needs

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "workflow.py"
KEY = "raw/taxi/ok.parquet"


class Done:
    """A run of the tool that has ended."""

    def __init__(self, code, output, errors):
        self.returncode, self.stdout, self.stderr = code, output, errors


def run_tool(environment, *words, starter=programs.fork):
    process = starter(TOOL, words, environment)
    output, errors = process.communicate(timeout=120)
    return Done(process.returncode, output, errors)


@needs("moto")
class ToolTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from . import deployment
        from .emulator import Emulator
        from .executions import Runner

        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.stack = deployment.deploy(cls.emulator)
        cls.runner = Runner(cls.stack)
        cls.runner.upload_all({KEY: 200, "raw/taxi/small.csv": 5})
        cls.states = cls.emulator.client("stepfunctions")

    def setUp(self):
        self.emulator.forget()

    def tool(self, *words, starter=programs.fork):
        done = run_tool(self.emulator.environment("tool"), *words, starter=starter)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def answer(self, code, *words):
        """The JSON object of a run that ends with this exit code."""
        done = self.tool(*words, "--json")
        self.assertEqual(code, done.returncode, done.stderr or done.stdout)
        self.assertEqual(1, len(done.stdout.strip().splitlines()))
        return json.loads(done.stdout)

    def start(self, *words, key=KEY, code=0):
        return self.answer(code, "start", "--bucket", self.runner.raw, "--key", key, *words)

    def assert_refused(self, done, pattern):
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r"\Aerror: [^\n]*" + pattern + r"[^\n]*\n\Z")
