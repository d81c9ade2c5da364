"""workflow.py start, list and history as processes: their output as text and JSON, and their exit codes; usage errors.

Most processes are forked from one that has imported boto3. Each exit code is also tested with a start as a person makes it.
"""
# needs: moto
# seconds: 24
import contextlib
import io
import json
import runpy
import signal
import subprocess
import sys
import time
import unittest

from support import programs
from support.names import TAXI_JOB
from support.tool import KEY, TOOL, Done, ToolTestCase, run_tool


class Usage(unittest.TestCase):
    """What the arguments alone decide: no service is called, and no other process is needed."""

    @classmethod
    def setUpClass(cls):
        cls.main = staticmethod(runpy.run_path(str(TOOL))["main"])

    def run_main(self, *words):
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors), self.assertRaises(SystemExit) as end:
            self.main(list(words))
        return Done(end.exception.code, output.getvalue(), errors.getvalue())

    def test_usage_errors_exit_with_2(self):
        for words in ((), ("unknown",), ("start",), ("start", "--bucket", "b"), ("history",), ("list", "--max", "0"), ("list", "--max", "-1"), ("list", "--max", "x"),
                      ("start", "--bucket", "b", "--key", "k", "--timeout", "0"), ("list", "--status", "BROKEN"), ("list", "--endpoint-url", "localhost"),
                      ("start", "--bucket", "", "--key", "k"), ("verify", "more"), ("list", "--sta", "FAILED")):
            with self.subTest(words=words):
                done = self.run_main(*words)
                self.assertEqual((2, ""), (done.returncode, done.stdout))
                self.assertIn("usage: ", done.stderr)

    def test_help_exits_with_0(self):
        for words in (("--help",), ("verify", "--help"), ("start", "--help")):
            self.assertEqual(0, self.run_main(*words).returncode)

    def test_process_exits_with_the_same_codes(self):
        for words, code, is_help in ((("start", "--bucket", "b"), 2, False), (("--help",), 0, True)):
            done = run_tool({"PATH": "/usr/bin"}, *words, starter=programs.start)
            self.assertEqual((code, is_help), (done.returncode, bool(done.stdout)))
            self.assertNotIn("Traceback", done.stderr)


class RunTests(ToolTestCase):
    def test_start_returns_at_once(self):
        found = self.start("--name", "by-hand")
        self.assertEqual({"command", "executionArn", "name", "status", "startDate", "stopDate", "error", "cause"}, set(found))
        self.assertEqual(("start", "by-hand", "RUNNING", None, None, None), tuple(found[name] for name in ("command", "name", "status", "stopDate", "error", "cause")))
        self.assertRegex(found["startDate"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual({"bucket": self.runner.raw, "key": KEY, "extract": False}, json.loads(self.states.describe_execution(executionArn=found["executionArn"])["input"]))
        self.runner.wait_for(found["executionArn"])
        self.assert_refused(self.tool("start", "--bucket", "other", "--key", KEY, "--name", "by-hand"), "by-hand is taken")

    def test_start_with_wait_succeeds(self):
        found = self.start("--wait")
        self.assertEqual(("SUCCEEDED", None, None), (found["status"], found["error"], found["cause"]))
        self.assertGreaterEqual(found["stopDate"], found["startDate"])

    def test_start_with_wait_exits_with_1_after_a_failure(self):
        found = self.start("--wait", key="raw/taxi/small.csv", code=1)
        self.assertEqual(("FAILED", "ValidationFailed"), (found["status"], found["error"]))
        self.assertIn("5 bytes", found["cause"])
        done = self.tool("start", "--bucket", self.runner.raw, "--key", "raw/taxi/small.csv", "--wait", starter=programs.start)
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stdout, r"started manual-(.|\n)*FAILED(.|\n)*ValidationFailed: .*5 bytes")

    def test_start_with_wait_exits_with_1_at_the_timeout(self):
        self.emulator.set_clock(1.0)
        self.addCleanup(self.emulator.set_clock, 0.002)
        found = self.start("--wait", "--timeout", "1", code=1)
        self.assertEqual(("RUNNING", None), (found["status"], found["stopDate"]))
        self.states.stop_execution(executionArn=found["executionArn"])

    def test_interrupted_wait_leaves_no_traceback(self):
        self.emulator.set_clock(1.0)
        self.addCleanup(self.emulator.set_clock, 0.002)
        command = [sys.executable, str(TOOL), "start", "--bucket", self.runner.raw, "--key", KEY, "--name", "interrupted", "--wait"]
        # In the background SIGINT is ignored, and the child would inherit that.
        process = subprocess.Popen(command, env=self.emulator.environment("tool", PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.assertIn("started interrupted", process.stdout.readline())
        arn = process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual((130, ""), (process.returncode, errors))
        self.assertEqual("RUNNING", self.states.describe_execution(executionArn=arn)["status"])
        self.states.stop_execution(executionArn=arn)
        self.wait_for_jobs()

    def wait_for_jobs(self):
        """A stopped execution stops its run of the job a little later. Until then, no other run can start."""
        glue, deadline = self.emulator.client("glue"), time.monotonic() + 60
        while any(run["JobRunState"] in ("STARTING", "RUNNING", "STOPPING") for run in glue.get_job_runs(JobName=TAXI_JOB)["JobRuns"]):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_list_is_newest_first_and_limited(self):
        arns = [self.start("--wait", key=key, code=code)["executionArn"] for key, code in ((KEY, 0), ("raw/taxi/small.csv", 1), (KEY, 0))]
        found = self.answer(0, "list")
        self.assertEqual({"command", "executions"}, set(found))
        self.assertEqual(arns[::-1], [one["executionArn"] for one in found["executions"][:3]])
        self.assertTrue(all(set(one) == {"executionArn", "name", "status", "startDate", "stopDate"} for one in found["executions"]))
        self.assertEqual(arns[:0:-1], [one["executionArn"] for one in self.answer(0, "list", "--max", "2")["executions"]])
        failed = self.answer(0, "list", "--status", "FAILED", "--max", "1")["executions"]
        self.assertEqual([arns[1]], [one["executionArn"] for one in failed])
        self.assertEqual([], self.answer(0, "list", "--status", "TIMED_OUT")["executions"])
        self.assertIn(arns[2], self.tool("list").stdout)

    def test_history_has_the_states_and_all_pages(self):
        arn = self.start("--wait")["executionArn"]
        found = self.answer(0, "history", "--execution-arn", arn)
        self.assertEqual({"command", "executionArn", "status", "states", "events"}, set(found))
        self.assertEqual(("history", arn, "SUCCEEDED"), (found["command"], found["executionArn"], found["status"]))
        self.assertEqual(["ValidateInput", "CheckValidation", "RunGlueETLJob"], found["states"][:3])
        self.assertEqual("NotifySuccess", found["states"][-1])
        self.assertEqual(list(range(1, len(found["events"]) + 1)), [event["id"] for event in found["events"]])
        self.assertTrue(all(set(event) == {"id", "timestamp", "type", "state", "detail"} for event in found["events"]))
        # A page may be short, or empty, and still not be the last one.
        page = [{"timestamp": 1.0, "type": "TaskStateEntered", "id": 1, "previousEventId": 0, "stateEnteredEventDetails": {"name": "First"}},
                {"timestamp": 2.0, "type": "TaskFailed", "id": 2, "previousEventId": 1, "taskFailedEventDetails": {"error": "E", "cause": "c"}}]
        for body in ({"events": page[:1], "nextToken": "1"}, {"events": [], "nextToken": "2"}, {"events": page[1:]}):
            self.emulator.add_fault("states", "GetExecutionHistory", action="reply", body=body)
        found = self.answer(0, "history", "--execution-arn", arn)
        self.assertEqual([(1, "First", ""), (2, "First", "E: c")], [(event["id"], event["state"], event["detail"]) for event in found["events"]])

    def test_history_of_a_failure_says_why(self):
        self.emulator.add_outcome("glue_job_run", final="FAILED", message="disk full")
        arn = self.start("--wait", code=1)["executionArn"]
        events = self.answer(0, "history", "--execution-arn", arn)["events"]
        failed = next(event for event in events if event["type"] == "TaskFailed")
        self.assertEqual("RunGlueETLJob", failed["state"])
        self.assertRegex(failed["detail"], "^States.TaskFailed: .*disk full")
        self.assertRegex(events[-1]["detail"], "^GlueJobFailed: ")
        self.assertRegex(self.tool("history", "--execution-arn", arn).stdout, r"TaskFailed +RunGlueETLJob\n +States.TaskFailed: .*disk full")


if __name__ == "__main__":
    unittest.main()
