"""workflow.py verify, and what each command refuses: the output as text and JSON, and the exit codes."""
# needs: moto
# seconds: 22
import http.server
import threading
import unittest

from support import programs
from support.tool import ToolTestCase, run_tool

CHECKS = ["state_machine", "logging", "tracing", "orchestrator", "validate_function", "glue_job", "crawler", "topic", "subscriptions", "upload_trigger", "alarms"]


class VerifyTests(ToolTestCase):
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
            self.assert_refused(run_tool(environment, command, starter=programs.start), "[Cc]redentials")
        self.assert_refused(self.tool("list", "--endpoint-url", "http://127.0.0.1:9"), "127.0.0.1:9")
        environment = self.emulator.environment()
        del environment["AWS_DEFAULT_REGION"]
        self.assert_refused(run_tool(environment, "list"), "region")
        words = ["list", "--region", "us-east-1", "--endpoint-url", self.emulator.endpoint]
        self.assertEqual(0, run_tool(environment, *words, starter=programs.start).returncode)

    def test_endpoint_of_something_else_exits_with_3(self):
        class Other(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_error(404)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            place = ["--endpoint-url", f"http://127.0.0.1:{server.server_port}"]
            machine = self.stack.outputs["state_machine_arn"]
            for words in (["list"], ["verify"], ["list", "--state-machine", machine], ["history", "--execution-arn", machine]):
                self.assert_refused(self.tool(*words, *place), "")
            server.shutdown()

    def test_arns_need_no_identity(self):
        machine = self.stack.outputs["state_machine_arn"]
        self.assertEqual(0, self.tool("list", "--state-machine", machine).returncode)
        self.assertEqual([], self.emulator.requests(service="sts"))

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
        check = found["checks"][CHECKS.index("upload_trigger")]
        self.assertEqual("123456789012-oubt-datalake", check["resource"])
        self.assertIn("NoSuchBucket", check["detail"])


if __name__ == "__main__":
    unittest.main()
