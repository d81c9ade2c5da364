"""workflow.py as a process: its output as text and JSON, and its exit codes."""
# needs: moto
import json
import pathlib
import subprocess
import sys
import unittest

from support.requirements import needs

TOOL = pathlib.Path(__file__).resolve().parents[1] / "tools" / "workflow.py"
CHECKS = ["state_machine", "logging", "tracing", "orchestrator", "validate_function", "glue_job", "crawler", "topic", "subscriptions", "upload_trigger", "alarms"]
KEY = "raw/taxi/ok.parquet"


def run_tool(environment, *words):
    return subprocess.run([sys.executable, str(TOOL), *words], env=environment, capture_output=True, text=True, timeout=120)


class Usage(unittest.TestCase):
    """What the arguments alone decide: no service is called."""

    def test_usage_errors_exit_with_2(self):
        for words in ((), ("unknown",), ("start",), ("start", "--bucket", "b"), ("history",), ("list", "--max", "0"), ("list", "--max", "-1"), ("list", "--max", "x"),
                      ("start", "--bucket", "b", "--key", "k", "--timeout", "0"), ("list", "--status", "BROKEN"), ("list", "--endpoint-url", "localhost"),
                      ("start", "--bucket", "", "--key", "k"), ("verify", "more"), ("list", "--sta", "FAILED")):
            with self.subTest(words=words):
                done = run_tool({"PATH": "/usr/bin"}, *words)
                self.assertEqual((2, ""), (done.returncode, done.stdout))
                self.assertNotIn("Traceback", done.stderr)

    def test_help_exits_with_0(self):
        for words in (("--help",), ("verify", "--help"), ("start", "--help")):
            self.assertEqual(0, run_tool({"PATH": "/usr/bin"}, *words).returncode)


@needs("moto")
class Tool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from support import deployment
        from support.emulator import Emulator
        from support.executions import Runner

        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.stack = deployment.deploy(cls.emulator)
        cls.runner = Runner(cls.stack)
        cls.runner.upload_all({KEY: 200, "raw/taxi/small.csv": 5})
        cls.states = cls.emulator.client("stepfunctions")

    def setUp(self):
        self.emulator.forget()

    def tool(self, *words, **environment):
        done = run_tool(self.emulator.environment("tool", **environment), *words)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def answer(self, code, *words):
        """The JSON object of a run that ends with this exit code."""
        done = self.tool(*words, "--json")
        self.assertEqual(code, done.returncode, done.stderr)
        self.assertEqual(1, len(done.stdout.strip().splitlines()))
        return json.loads(done.stdout)

    def start(self, *words, key=KEY, code=0):
        return self.answer(code, "start", "--bucket", self.runner.raw, "--key", key, *words)

    def assert_refused(self, done, pattern):
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r"\Aerror: [^\n]*" + pattern + r"[^\n]*\n\Z")

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
        done = self.tool("start", "--bucket", self.runner.raw, "--key", "raw/taxi/small.csv", "--wait")
        self.assertRegex(done.stdout, r"started manual-(.|\n)*FAILED(.|\n)*ValidationFailed: .*5 bytes")

    def test_start_with_wait_exits_with_1_at_the_timeout(self):
        self.emulator.set_clock(1.0)
        self.addCleanup(self.emulator.set_clock, 0.002)
        found = self.start("--wait", "--timeout", "1", code=1)
        self.assertEqual(("RUNNING", None), (found["status"], found["stopDate"]))
        self.states.stop_execution(executionArn=found["executionArn"])

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

    def test_things_that_do_not_exist_exit_with_3(self):
        gone = self.stack.outputs["state_machine_arn"].replace("stateMachine", "execution") + ":gone"
        self.assert_refused(self.tool("history", "--execution-arn", gone), "Execution Does Not Exist|ExecutionDoesNotExist")
        self.assert_refused(self.tool("history", "--execution-arn", "text"), "InvalidArn|Invalid Arn")
        self.assert_refused(self.tool("list", "--state-machine", "other"), "StateMachineDoesNotExist|State Machine Does Not Exist")
        self.assert_refused(self.tool("start", "--bucket", "b", "--key", "k", "--state-machine", "other", "--json"), "StateMachineDoesNotExist|State Machine")
        self.assert_refused(self.tool("start", "--bucket", "b", "--key", "k", "--name", "a b"), "InvalidName|Invalid Name")

    def test_no_permission_exits_with_3(self):
        for service, operation, words in (("states", "ListExecutions", ["list"]), ("sts", "GetCallerIdentity", ["verify"]), ("sts", "GetCallerIdentity", ["list", "--json"])):
            self.emulator.add_fault(service, operation, "AccessDeniedException", status=400, message="not\nallowed")
            self.assert_refused(self.tool(*words), "AccessDenied.*not allowed")

    def test_no_credentials_and_no_endpoint_exit_with_3(self):
        environment = self.emulator.environment()
        del environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        for command in ("list", "verify"):
            self.assert_refused(run_tool(environment, command), "[Cc]redentials")
        self.assert_refused(self.tool("list", "--endpoint-url", "http://127.0.0.1:9"), "127.0.0.1:9")
        environment = self.emulator.environment()
        del environment["AWS_DEFAULT_REGION"]
        self.assert_refused(run_tool(environment, "list"), "region")
        self.assertEqual(0, run_tool(environment, "list", "--region", "us-east-1", "--endpoint-url", self.emulator.endpoint).returncode)

    def verify(self, code, *words):
        found = self.answer(code, "verify", "--bucket", self.runner.raw, *words)
        self.assertEqual(("verify", code == 0), (found["command"], found["ok"]))
        self.assertEqual(CHECKS, [check["name"] for check in found["checks"]])
        for check in found["checks"]:
            self.assertEqual({"name", "resource", "ok", "detail"}, set(check))
            self.assertEqual(check["ok"], check["detail"] == "")
        return {check["name"]: check["detail"] for check in found["checks"] if not check["ok"]}

    def put_alarms(self, machine):
        for name in ("ExecutionsFailed", "ExecutionThrottled", "ExecutionTime", "ExecutionsTimedOut"):
            self.emulator.client("cloudwatch").put_metric_alarm(
                AlarmName=f"etl-pipeline-workflow-{name}", Namespace="AWS/States", MetricName=name, Statistic="Sum", Period=300, EvaluationPeriods=1, Threshold=1,
                ComparisonOperator="GreaterThanOrEqualToThreshold", Dimensions=[{"Name": "StateMachineArn", "Value": machine}])

    def test_verify_finds_what_is_wrong(self):
        """One deployment that is broken and repaired part by part."""
        client, machine, topic = self.emulator.client, self.stack.outputs["state_machine_arn"], self.stack.outputs["topic_arn"]
        self.assertEqual({"alarms"}, set(self.verify(1)))
        self.put_alarms(machine + "x")
        self.assertRegex(self.verify(1)["alarms"], "watches")
        self.put_alarms(machine)
        self.assertEqual({}, self.verify(0))
        self.assertIn("All checks are ok.", self.tool("verify", "--bucket", self.runner.raw).stdout)

        lambdas = client("lambda")
        kept = lambdas.get_function_configuration(FunctionName="etl-orchestrator")["Environment"]
        lambdas.update_function_configuration(FunctionName="etl-orchestrator", Environment={"Variables": {"STATE_MACHINE_ARN": "other"}})
        self.assertRegex(self.verify(1)["orchestrator"], "STATE_MACHINE_ARN is other")
        lambdas.update_function_configuration(FunctionName="etl-orchestrator", Environment=kept)

        self.states.update_state_machine(stateMachineArn=machine, loggingConfiguration={"level": "ERROR"}, tracingConfiguration={"enabled": False})
        self.assertEqual({"logging": "its log level is ERROR, not ALL", "tracing": "X-Ray tracing is off"}, self.verify(1))
        self.states.update_state_machine(stateMachineArn=machine, loggingConfiguration={"level": "ALL"}, tracingConfiguration={"enabled": True})

        s3 = client("s3")
        notify = s3.get_bucket_notification_configuration(Bucket=self.runner.raw)["LambdaFunctionConfigurations"]
        s3.put_bucket_notification_configuration(Bucket=self.runner.raw, NotificationConfiguration={})
        self.assertRegex(self.verify(1)["upload_trigger"], "notifies neither etl-orchestrator .* nor EventBridge")
        s3.put_bucket_notification_configuration(Bucket=self.runner.raw, NotificationConfiguration={"EventBridgeConfiguration": {}})
        self.assertEqual({}, self.verify(0))
        s3.put_bucket_notification_configuration(Bucket=self.runner.raw, NotificationConfiguration={"LambdaFunctionConfigurations": notify})

        wrong = self.verify(1, "--job", "no-job", "--crawler", "no-crawler", "--validate-function", "no-function", "--topic", "no-topic", "--function", "no-orchestrator")
        self.assertEqual({"orchestrator", "validate_function", "glue_job", "crawler", "topic", "subscriptions", "upload_trigger"}, set(wrong))
        gone = self.verify(1, "--state-machine", "no-machine")
        self.assertEqual({"state_machine", "logging", "tracing", "orchestrator", "alarms"}, set(gone))

        subscriptions = client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        reply = "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>%s</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>"
        self.assertEqual(1, len(subscriptions))
        for members, pattern in (("", "no person is notified"), ("<member><SubscriptionArn>PendingConfirmation</SubscriptionArn></member>", "wait for their confirmation")):
            self.emulator.add_fault("sns", "ListSubscriptionsByTopic", action="reply", text=reply % members)
            self.assertRegex(self.verify(1)["subscriptions"], pattern)

        self.emulator.add_fault("glue", "GetJob", "AccessDeniedException", status=400)
        self.assertRegex(self.verify(1)["glue_job"], "AccessDenied")
        text = self.tool("verify", "--bucket", "no-such-bucket").stdout
        self.assertRegex(text, r"FAIL  upload_trigger +no-such-bucket: .+")
        self.assertRegex(text, "1 of 11 checks failed")

    def test_default_bucket_is_the_accounts(self):
        found = self.answer(1, "verify")
        self.assertEqual("123456789012-oubt-datalake", found["checks"][CHECKS.index("upload_trigger")]["resource"])


if __name__ == "__main__":
    unittest.main()
