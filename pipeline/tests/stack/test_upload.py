"""From an upload to its notification, and what happens to an event whose execution cannot be started."""
# needs: moto, terraform, provider
import json
import time
import unittest

from support import scenarios
from support.executions import Runner
from support.stacks import needs_stack, obtain

LIMIT = 90


@needs_stack
class Upload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = Runner(obtain())
        cls.addClassCleanup(cls.runner.close)
        cls.emulator = cls.runner.emulator
        cls.s3 = cls.emulator.client("s3")

    def setUp(self):
        self.emulator.forget()

    def executions(self):
        return {one["executionArn"] for one in self.runner.states.list_executions(stateMachineArn=self.runner.machine, maxResults=1000)["executions"]}

    def upload(self, key, size=200):
        """Uploads an object and returns the execution that it starts."""
        before = self.executions()
        self.s3.put_object(Bucket=self.runner.raw, Key=key, Body=b"x" * size)
        end = time.monotonic() + LIMIT
        while not (started := self.executions() - before):
            if time.monotonic() > end:
                raise TimeoutError(f"{key} started nothing")
            time.sleep(0.1)
        self.assertEqual(1, len(started))
        return self.runner.follow(started.pop())

    def test_upload_ends_in_a_notification(self):
        execution = self.upload("raw/taxi/média 2024+01.parquet")
        self.assertEqual("SUCCEEDED", execution.status)
        (message, attributes), = execution.messages
        self.assertEqual([], scenarios.message_differences(scenarios.Scenario("upload", key=message["key"]), execution, message))
        self.assertEqual(({"status": "SUCCESS"}, "raw/taxi/média 2024+01.parquet"), (attributes, message["key"]))
        given = execution.input
        self.assertEqual({"bucket", "key", "size", "eTag", "versionId", "eventTime", "extract"}, set(given))
        self.assertEqual((200, False), (given["size"], given["extract"]))
        # Two calls of functions and no wait before the job starts.
        names = [event["type"] for event in execution.events]
        job = next(number for number, event in enumerate(execution.events) if event.get("stateEnteredEventDetails", {}).get("name") == "RunGlueETLJob")
        self.assertNotIn("WaitStateEntered", names[:job])
        self.assertEqual(1, execution.count("Invoke"))

    def test_same_key_again_runs_again(self):
        first, second = self.upload("raw/taxi/daily.csv"), self.upload("raw/taxi/daily.csv")
        self.assertNotEqual(first.arn, second.arn)
        self.assertNotEqual(first.input["versionId"], second.input["versionId"])

    def test_upload_that_is_too_small_ends_in_a_notification(self):
        execution = self.upload("raw/taxi/tiny.csv", 5)
        (message, _), = execution.messages
        self.assertEqual(("FAILED", "InvalidInput"), (message["status"], message["error"]["Error"]))

    def test_uploads_that_are_no_input_start_nothing(self):
        before = self.executions()
        for key in ("raw/taxi/readme.txt", "raw/taxi/folder/", "elsewhere/a.csv"):
            self.s3.put_object(Bucket=self.runner.raw, Key=key, Body=b"x" * 200)
        # An upload that does start something comes after them.
        self.upload("raw/taxi/after.csv")
        self.assertEqual(1, len(self.executions() - before))

    def test_event_that_cannot_be_started_ends_in_the_dead_letter_queue(self):
        sqs, queue = self.emulator.client("sqs"), self.runner.stack.outputs["dlq_url"].rpartition("/")[2]
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        self.emulator.add_fault("states", "StartExecution", "AccessDeniedException", times=None)
        self.s3.put_object(Bucket=self.runner.raw, Key="raw/taxi/dead.csv", Body=b"x" * 200)
        end, found = time.monotonic() + LIMIT, None
        while not found and time.monotonic() < end:
            found = sqs.receive_message(QueueUrl=url).get("Messages")
            time.sleep(0.1)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        body = json.loads(found[0]["Body"])
        record = body.get("Records", body.get("requestPayload", {}).get("Records"))[0]
        self.assertEqual("raw/taxi/dead.csv", record["s3"]["object"]["key"])
        # The first attempt and two more.
        self.assertEqual([60, 120], [wait["seconds"] for wait in self.emulator.waits(kind="lambda_retry")])
        self.assertEqual(3, len(self.emulator.requests(operation="StartExecution")))


if __name__ == "__main__":
    unittest.main()
