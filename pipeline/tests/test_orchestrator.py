"""The function that starts executions, as its package runs on the emulator: every form of event, and failing services."""
# needs: moto
# seconds: 20
import contextlib
import importlib.util
import io
import json
import os
import pathlib
import re
import threading
import time
import unittest
from unittest import mock

from support.requirements import needs

BUCKET = "raw-bucket"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:waits"
# Executions stay in progress until the test stops them.
DEFINITION = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 10**6, "End": True}}}
ENDS = {"StartAt": "End", "States": {"End": {"Type": "Pass", "End": True}}}


def load():
    """The function's module, as a new environment of Lambda loads it."""
    source = pathlib.Path(__file__).resolve().parents[1] / "lambdas" / "etl_orchestrator" / "lambda_function.py"
    spec = importlib.util.spec_from_file_location("etl_orchestrator", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def s3_record(key, event="ObjectCreated:Put", **stored):
    stored = {"key": key, "size": 200, "eTag": "e", "sequencer": "01", **stored}
    return {"eventSource": "aws:s3", "eventName": event, "eventTime": "2026-01-02T03:04:05.678Z",
            "s3": {"bucket": {"name": BUCKET}, "object": {name: value for name, value in stored.items() if value is not None}}}


def bus_event(key, kind="Object Created", **stored):
    return {"version": "0", "source": "aws.s3", "detail-type": kind, "time": "2026-01-02T03:04:05Z", "detail": {
        "bucket": {"name": BUCKET}, "object": {"key": key, "size": 200, "etag": "e", "sequencer": "01", **stored}}}


@needs("moto")
class Orchestrator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from support import deployment
        from support.emulator import Emulator

        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.lambdas, cls.states = cls.emulator.client("lambda"), cls.emulator.client("stepfunctions")
        cls.role = cls.emulator.client("iam").create_role(RoleName="orchestrator", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        cls.package = deployment.packages()["etl_orchestrator.zip"]
        for name, definition in (("waits", DEFINITION), ("ends", ENDS)):
            cls.states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=cls.role)
        cls.functions = {}

    def setUp(self):
        self.emulator.forget()

    def function(self, **variables):
        """The name of a function with these variables."""
        variables = {"STATE_MACHINE_ARN": MACHINE, **variables}
        key = json.dumps(variables, sort_keys=True)
        if key not in self.functions:
            name = f"orchestrator-{len(self.functions)}"
            self.lambdas.create_function(FunctionName=name, Runtime="python3.11", Role=self.role, Handler="lambda_function.lambda_handler", Timeout=60,
                                         Code={"ZipFile": self.package}, Environment={"Variables": {name: value for name, value in variables.items() if value}})
            self.functions[key] = name
        return self.functions[key]

    def invoke(self, event, **variables):
        reply = self.lambdas.invoke(FunctionName=self.function(**variables), Payload=json.dumps(event).encode())
        return "FunctionError" in reply, json.loads(reply["Payload"].read())

    def handled(self, event, **variables):
        failed, answer = self.invoke(event, **variables)
        self.assertFalse(failed, answer)
        self.assertEqual({"started", "duplicates", "skipped"}, set(answer))
        return answer

    def given(self, started):
        return json.loads(self.states.describe_execution(executionArn=started["executionArn"])["input"])

    def test_notification_starts_an_execution(self):
        answer = self.handled({"Records": [s3_record("raw/taxi/a.parquet", versionId="v1")]})
        (started,) = answer["started"]
        self.assertEqual({"bucket": BUCKET, "key": "raw/taxi/a.parquet", "executionArn": started["executionArn"]}, started)
        self.assertEqual({"bucket": BUCKET, "key": "raw/taxi/a.parquet", "size": 200, "eTag": "e", "versionId": "v1",
                          "eventTime": "2026-01-02T03:04:05.678Z", "extract": False}, self.given(started))
        self.assertEqual(([], []), (answer["duplicates"], answer["skipped"]))

    def test_eventbridge_starts_an_execution(self):
        (started,) = self.handled(bus_event("raw/taxi/b+1%20.csv", **{"version-id": "v1"}))["started"]
        self.assertEqual({"bucket": BUCKET, "key": "raw/taxi/b+1%20.csv", "size": 200, "eTag": "e", "versionId": "v1", "eventTime": "2026-01-02T03:04:05Z",
                          "extract": False}, self.given(started))

    def test_keys_of_notifications_are_decoded(self):
        keys = {"raw/taxi/a+b.csv": "raw/taxi/a b.csv", "raw/taxi/a%2Bb.csv": "raw/taxi/a+b.csv", "raw/taxi/m%C3%A9dia.csv": "raw/taxi/média.csv",
                "raw/taxi/100%25.csv": "raw/taxi/100%.csv", "raw/taxi/%E6%97%A5.parquet": "raw/taxi/日.parquet"}
        answer = self.handled({"Records": [s3_record(key) for key in keys]})
        self.assertEqual(list(keys.values()), [one["key"] for one in answer["started"]])
        self.assertEqual(list(keys.values()), [self.given(one)["key"] for one in answer["started"]])

    def test_types_are_accepted_in_any_case(self):
        keys = [f"raw/taxi/types.{name}" for name in ("parquet", "csv", "csv.gz", "PARQUET", "Csv", "CSV.GZ")]
        self.assertEqual(keys, [one["key"] for one in self.handled({"Records": [s3_record(key) for key in keys]})["started"]])

    def test_records_that_are_no_upload_are_skipped_with_a_reason(self):
        records = {
            "not_created": [s3_record("raw/taxi/a.csv", "ObjectRemoved:Delete"), s3_record("raw/taxi/a.csv", "ObjectRestore:Completed")],
            "prefix": [s3_record("raw/other/a.csv"), s3_record("a/raw/taxi/a.csv"), s3_record("raw/taxi")],
            "type": [s3_record("raw/taxi/a.txt"), s3_record("raw/taxi/a.gz"), s3_record("raw/taxi/csv")],
            "folder": [s3_record("raw/taxi/"), s3_record("raw/taxi/a.csv/")],
            "malformed": [{}, None, 7, "text", [], {"s3": None}, {"s3": {"bucket": {"name": BUCKET}}}, {"s3": {"object": {"key": "raw/taxi/a.csv"}}},
                          s3_record(""), s3_record(7), {"eventName": "ObjectCreated:Put", "s3": {"bucket": "x", "object": []}}],
        }
        answer = self.handled({"Records": [record for some in records.values() for record in some]})
        self.assertEqual([reason for reason, some in records.items() for _ in some], [one["reason"] for one in answer["skipped"]])
        self.assertTrue(all(set(one) == {"bucket", "key", "reason"} for one in answer["skipped"]))
        self.assertEqual([], answer["started"])
        self.assertEqual([], self.emulator.requests(operation="StartExecution"))

    def test_events_that_are_no_upload_are_skipped_with_a_reason(self):
        events = [
            ({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}, "test_event"), ({}, "malformed"), (None, "malformed"), ([], "malformed"),
            ("text", "malformed"), ({"Records": "text"}, "malformed"), (bus_event("raw/taxi/a.csv", "Object Deleted"), "not_created"),
            (bus_event("raw%2Ftaxi%2Fa.csv"), "prefix"), ({"detail-type": "Object Created", "detail": {"bucket": {"name": BUCKET}}}, "malformed"),
        ]
        for event, reason in events:
            with self.subTest(event=event):
                answer = self.handled(event)
                self.assertEqual([reason], [one["reason"] for one in answer["skipped"]])
        self.assertEqual({"started": [], "duplicates": [], "skipped": []}, self.handled({"Records": []}))

    def test_everything_is_skipped_while_orchestration_is_off(self):
        answer = self.handled({"Records": [s3_record("raw/taxi/off.csv"), s3_record("other"), {}]}, ENABLE_ORCHESTRATION="false", STATE_MACHINE_ARN="")
        self.assertEqual(["disabled"] * 3, [one["reason"] for one in answer["skipped"]])

    def test_extraction_and_prefix_follow_the_environment(self):
        answer = self.handled({"Records": [s3_record("in/x.csv"), s3_record("raw/taxi/x.csv")]}, ENABLE_EXTRACTION="true", INPUT_PREFIX="in/")
        self.assertIs(True, self.given(answer["started"][0])["extract"])
        self.assertEqual(["prefix"], [one["reason"] for one in answer["skipped"]])

    def test_names_are_valid_however_odd_the_key(self):
        keys = ["raw/taxi/" + "x" * 900 + ".csv", "raw/taxi/%3C%3E%7B%7D%5B%5D%3F*%22%23%5C%5E%7C~%60$&,;:.csv", "raw/taxi/%E6%97%A5%E6%9C%AC.csv", "raw/taxi/.csv"]
        answer = self.handled({"Records": [s3_record(key) for key in keys]})
        names = [one["executionArn"].rpartition(":")[2] for one in answer["started"]]
        self.assertEqual(4, len(set(names)))
        for name in names:
            self.assertRegex(name, r"\A[A-Za-z0-9_-]{1,80}\Z")

    def test_same_delivery_again_starts_nothing(self):
        event = {"Records": [s3_record("raw/taxi/twice.csv", versionId="v1")]}
        machine = MACHINE.replace("waits", "ends")
        first = self.handled(event, STATE_MACHINE_ARN=machine)
        self.wait_for(first["started"][0]["executionArn"])
        again = self.handled(event, STATE_MACHINE_ARN=machine)
        self.assertEqual(([], [{"bucket": BUCKET, "key": "raw/taxi/twice.csv"}]), (again["started"], again["duplicates"]))
        while_running = [self.handled({"Records": [s3_record("raw/taxi/running.csv", versionId="v1")]})["started"] for _ in range(2)]
        self.assertEqual(while_running[0], while_running[1])

    def test_same_file_uploaded_again_starts_again(self):
        def arn(**stored):
            return self.handled({"Records": [s3_record("raw/taxi/again.csv", **stored)]})["started"][0]["executionArn"]

        by_version = {arn(versionId="v1"), arn(versionId="v2")}
        by_sequencer = {arn(sequencer="02"), arn(sequencer="03"), arn(versionId="null", sequencer="04"), arn(versionId="null", sequencer="05")}
        by_etag = {arn(sequencer=None, eTag="a"), arn(sequencer=None, eTag="b")}
        self.assertEqual(8, len(by_version | by_sequencer | by_etag))
        # The version decides, regardless of the other fields of a second delivery.
        self.assertIn(arn(versionId="v1"), by_version)

    def test_both_kinds_of_events_of_one_version_start_one_execution(self):
        first = self.handled({"Records": [s3_record("raw/taxi/both.csv", versionId="v1")]})["started"]
        second = self.handled(bus_event("raw/taxi/both.csv", **{"version-id": "v1"}))
        # The event's time differs and with it the input: the service refuses the name.
        self.assertEqual([{"bucket": BUCKET, "key": "raw/taxi/both.csv"}], second["duplicates"])
        self.assertEqual(1, len(first))

    def test_deliveries_at_the_same_time_start_one_execution(self):
        event = {"Records": [s3_record("raw/taxi/together.csv", versionId="v1")] * 3}
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.handled(event))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(3, len(answers))
        arns = {one["executionArn"] for answer in answers for one in answer["started"]}
        self.assertEqual(1, len(arns))

    def test_hundred_records_in_one_event_are_all_started(self):
        answer = self.handled({"Records": [s3_record(f"raw/taxi/many-{number}.csv") for number in range(100)]})
        self.assertEqual([f"raw/taxi/many-{number}.csv" for number in range(100)], [one["key"] for one in answer["started"]])

    def test_threads_of_a_new_environment_share_one_client(self):
        # boto3 may not make clients in several threads at once: it raises KeyErrors now and then.
        import boto3

        made, at_once, kept = [], [], boto3.client

        def client(*arguments, **named):
            at_once.append(1)
            made.append(len(at_once))
            time.sleep(0.05)
            try:
                return kept(*arguments, **named)
            finally:
                at_once.pop()

        module, environment = load(), {**self.emulator.environment("orchestrator"), "STATE_MACHINE_ARN": MACHINE}
        event = {"Records": [s3_record(f"raw/taxi/threads-{number}.csv") for number in range(30)]}
        with mock.patch.dict(os.environ, environment), mock.patch("boto3.client", client), contextlib.redirect_stdout(io.StringIO()):
            answer = module.lambda_handler(event, None)
        self.assertEqual(30, len(answer["started"]))
        self.assertEqual([1], made)

    def test_failed_start_is_raised_after_the_other_records(self):
        self.emulator.add_fault("states", "StartExecution", "AccessDeniedException", times=1, message="not allowed")
        event = {"Records": [s3_record(f"raw/taxi/denied-{number}.csv") for number in range(3)]}
        failed, answer = self.invoke(event)
        self.assertTrue(failed)
        self.assertEqual("StartFailed", answer["errorType"])
        self.assertRegex(answer["errorMessage"], r"1 of 3 executions could not be started.*AccessDeniedException")
        self.assertEqual(2, sum(call["status"] == 200 for call in self.emulator.requests(operation="StartExecution")))
        # Lambda invokes the function again with the same event.
        self.assertEqual(3, len(self.handled(event)["started"]))

    def test_throttling_and_dropped_connections_are_tried_again(self):
        self.emulator.add_fault("states", "StartExecution", "ThrottlingException", times=1)
        self.emulator.add_fault("states", "StartExecution", action="drop", times=1)
        self.emulator.add_fault("states", "StartExecution", action="lose", times=1)
        self.assertEqual(1, len(self.handled({"Records": [s3_record("raw/taxi/hard.csv")]})["started"]))
        self.assertEqual(4, len(self.emulator.requests(operation="StartExecution")))

    def test_missing_state_machine_is_raised(self):
        for arn, text in (("", "STATE_MACHINE_ARN is not set"), (MACHINE + "x", "StateMachineDoesNotExist")):
            failed, answer = self.invoke({"Records": [s3_record("raw/taxi/none.csv")]}, STATE_MACHINE_ARN=arn)
            self.assertTrue(failed)
            self.assertIn(text, answer["errorMessage"])

    def test_log_lines_are_objects_without_the_event(self):
        name = self.function()
        logs = self.emulator.client("logs")
        logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
        record = s3_record("raw/taxi/log.csv")
        record["requestParameters"] = {"sourceIPAddress": "192.0.2.77"}
        self.handled({"Records": [record, s3_record("raw/taxi/a.txt")]})
        lines = [event["message"] for event in logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]]
        self.assertGreaterEqual(len(lines), 3)
        self.assertEqual(["skipped", "started", "done"], [json.loads(line)["event"] for line in lines])
        self.assertFalse(re.search("192.0.2.77|sequencer|eventSource", "".join(lines)))

    def wait_for(self, arn):
        end = time.monotonic() + 60
        while self.states.describe_execution(executionArn=arn)["status"] == "RUNNING" and time.monotonic() < end:
            time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
