"""The step of the Glue workflow as a process against the emulator: its output, its notification, and faults of the services.

Most processes are forked from one that has imported boto3. Exit codes and signals are also tested with a start as Glue makes it.
"""
# needs: moto
# seconds: 34
import json
import re
import shutil
import signal
import subprocess
import time
import unittest

from support import programs, step
from support.requirements import needs

IDS = {"total_ids": "3", "md5_checksum": "7fdfa3ed267d869eab18b755ce475a4f", "source_partition": "ano_mes_dia=20251022"}
SUCCESS = {"status", "message", "jobId", "jobName", *IDS, "timestamp", "workflowName", "workflowRunId"}
FAILURE = {"status", "message", "jobId", "jobName", "error", "exitCode", "logStream", "timestamp", "workflowName", "workflowRunId"}
ENDLESS = {"seconds": None}


@needs("moto")
class Process(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from support import deployment
        from support.emulator import Emulator

        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        iam = cls.emulator.client("iam")
        roles = {name: iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"] for name in ("batch", "job")}
        cls.queue, cls.definition = deployment.batch(cls.emulator, roles)
        cls.s3, cls.sqs, sns = (cls.emulator.client(name) for name in ("s3", "sqs", "sns"))
        cls.s3.create_bucket(Bucket="ids-bucket")
        cls.s3.put_object(Bucket="ids-bucket", Key="ids/active/latest.txt.gz", Body=b"x", Metadata=IDS)
        cls.topic = sns.create_topic(Name="topic")["TopicArn"]
        cls.messages_url = cls.sqs.create_queue(QueueName="messages")["QueueUrl"]
        sns.subscribe(TopicArn=cls.topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:messages", Attributes={"RawMessageDelivery": "true"})
        cls.runs = 0

    def setUp(self):
        self.emulator.forget()
        Process.runs += 1
        self.run_id = f"wr_{self.runs}"
        self.name = f"idextractor-silver-{self.run_id}"

    def start(self, *words, poll=0.2, timeout=60, starter=programs.fork):
        return step.start(self.emulator.environment("step"), "--JOB_QUEUE", "idextractor", "--JOB_DEFINITION=idextractor", "--WORKFLOW_NAME", "silver",
                          "--WORKFLOW_RUN_ID", self.run_id, f"--POLL_SECONDS={poll}", f"--TIMEOUT_SECONDS={timeout}", "--NOTIFY_TOPIC_ARN", self.topic, *words,
                          starter=starter)

    def run_step(self, *words, **settings):
        return step.finish(self.start(*words, **settings))

    def message(self):
        found = self.sqs.receive_message(QueueUrl=self.messages_url, MaxNumberOfMessages=10).get("Messages", [])
        self.assertEqual(1, len(found))
        self.sqs.delete_message(QueueUrl=self.messages_url, ReceiptHandle=found[0]["ReceiptHandle"])
        message = json.loads(found[0]["Body"])
        self.assertRegex(message["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(("silver", self.run_id), (message["workflowName"], message["workflowRunId"]))
        self.assertEqual(SUCCESS if message["status"] == "SUCCESS" else FAILURE, set(message))
        return message

    def calls(self, operation):
        return self.emulator.requests(key="step", operation=operation)

    def jobs(self):
        return self.emulator.client("batch").list_jobs(jobQueue="idextractor", filters=[{"name": "JOB_NAME", "values": [self.name]}])["jobSummaryList"]

    def assert_success(self, done, jobs=1):
        self.assertEqual(0, done.code, done.errors)
        self.assertEqual("succeeded", done.names[-1])
        self.assertEqual(jobs, len(self.jobs()))
        message = self.message()
        self.assertEqual(("SUCCESS", done.events[-1]["jobId"], self.name), (message["status"], message["jobId"], message["jobName"]))
        return message

    def assert_failure(self, done, pattern, last="failed"):
        self.assertEqual(1, done.code, done.errors)
        self.assertRegex(done.last_error, "ExtractionFailed: .*" + pattern)
        if done.events:
            self.assertEqual(last, done.names[-1])
        message = self.message()
        self.assertEqual("FAILED", message["status"])
        self.assertEqual({"Error": "ExtractionFailed", "Cause": done.last_error.partition(": ")[2]}, message["error"])
        return message

    def test_success_is_reported_with_the_ids(self):
        words = ["--OUTPUT", "s3://ids-bucket/ids/", "--TABLE_A=glue://db/a", "--job-bookmark-option", "job-bookmark-disable"]
        message = self.assert_success(self.run_step(*words, starter=programs.start))
        self.assertEqual(IDS, {name: message[name] for name in IDS})
        submitted = self.calls("SubmitJob")[0]["body"]
        self.assertEqual({"table_a": "glue://db/a", "output": "s3://ids-bucket/ids/"}, submitted["parameters"])

    def test_output_lines_are_objects_and_statuses_are_not_repeated(self):
        self.emulator.add_outcome("batch_attempt", seconds=600)
        done = self.run_step(poll=0.1)
        self.assertEqual("submitted", done.names[0])
        self.assertTrue(all({"event", "jobId", "jobName", "status"} <= set(event) for event in done.events))
        statuses = [event["status"] for event in done.events if event["event"] == "waiting"]
        self.assertEqual(sorted(set(statuses), key=statuses.index), statuses)
        self.assertIn("RUNNING", statuses)
        self.message()

    def test_metadata_come_from_the_jobs_own_output(self):
        self.assertEqual(IDS, {name: value for name, value in self.assert_success(self.run_step()).items() if name in IDS})

    def test_unreadable_metadata_is_a_warning(self):
        for output, word in (("s3://no-such-bucket/ids/", "404|Not Found"), ("/tmp/ids", "not s3://")):
            with self.subTest(output=output):
                Process.setUp(self)
                done = self.run_step("--OUTPUT", output)
                message = self.assert_success(done)
                self.assertEqual([None] * 3, [message[name] for name in IDS])
                self.assertRegex(done.errors, f"warning: .*({word})")

    def test_metadata_that_are_there_are_reported_when_others_are_not(self):
        s3 = self.emulator.client("s3")
        s3.put_object(Bucket="ids-bucket", Key="incomplete/active/latest.txt.gz", Body=b"", Metadata={"total_ids": "3"})
        done = self.run_step("--OUTPUT", "s3://ids-bucket/incomplete/")
        message = self.assert_success(done)
        self.assertEqual(["3", None, None], [message[name] for name in ("total_ids", "md5_checksum", "source_partition")])
        self.assertRegex(done.errors, "warning: .* has no md5_checksum, source_partition in its metadata")

    def test_notification_that_cannot_be_sent_is_a_warning(self):
        self.emulator.add_fault("sns", "Publish", "AuthorizationError", status=403, times=None)
        done = self.run_step()
        self.assertEqual((0, "succeeded"), (done.code, done.names[-1]))
        self.assertRegex(done.errors, "warning: the notification was not sent")
        self.emulator.add_outcome("batch_attempt", exit_code=4)
        Process.setUp(self)
        self.emulator.add_fault("sns", "Publish", "AuthorizationError", status=403, times=None)
        self.emulator.add_outcome("batch_attempt", exit_code=4)
        self.assertRegex(self.run_step().last_error, "ExtractionFailed: .*exit code 4")

    def test_without_a_topic_nothing_is_sent(self):
        self.assertEqual(0, self.run_step("--NOTIFY_TOPIC_ARN=").code)
        self.assertEqual([], self.emulator.requests(operation="Publish"))

    def test_failed_job_is_explained(self):
        self.emulator.add_outcome("batch_attempt", exit_code=6, status_reason="Essential container in task exited")
        message = self.assert_failure(self.run_step(), "Essential container in task exited; exit code 6, partition absent, empty or stale.*attempts: 1; log stream: extract/")
        self.assertEqual(6, message["exitCode"])
        self.assertRegex(message["logStream"], "^extract/default/")

    def test_retries_of_the_definition_are_counted(self):
        self.emulator.add_outcome("batch_attempt", exit_code=75, times=3)
        self.assert_failure(self.run_step(starter=programs.start), "exit code 75, .*attempts: 3")

    def test_container_that_never_ran_has_no_exit_code(self):
        self.emulator.add_outcome("batch_attempt", exit_code=None, reason="CannotPullContainerError: not found", status_reason="Task failed to start")
        message = self.assert_failure(self.run_step(), "Task failed to start; container: CannotPullContainerError")
        self.assertEqual((None, None), (message["exitCode"], message["logStream"]))

    def test_second_attempt_waits_for_the_job_of_the_first(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        first = self.start()
        while not self.jobs():
            time.sleep(0.05)
        first.kill()
        first.communicate()
        second = self.start()
        self.assertEqual("found", json.loads(second.stdout.readline())["event"])
        self.emulator.client("batch").terminate_job(jobId=self.jobs()[0]["jobId"], reason="a person ended it")
        self.assert_failure(step.finish(second), "a person ended it")
        self.assertEqual(1, len(self.jobs()))

    def test_job_that_has_succeeded_is_found(self):
        self.assert_success(self.run_step())
        again = self.run_step()
        self.assert_success(again)
        self.assertEqual(["found", "succeeded"], again.names)

    def test_lost_replies_to_submit_job_make_one_job(self):
        faults = {"accepted, connection lost": {"action": "lose"}, "refused connection": {"action": "drop"},
                  "5xx": {"code": "ServerException", "status": 500}, "throttled": {"code": "TooManyRequestsException", "status": 429}}
        for name, fault in faults.items():
            with self.subTest(name):
                Process.setUp(self)
                self.emulator.add_fault("batch", "SubmitJob", **fault)
                done = self.run_step()
                self.assert_success(done)
                self.assertEqual(1 if fault.get("action") == "lose" else 2, len(self.calls("SubmitJob")))
                self.assertEqual("found" if fault.get("action") == "lose" else "submitted", done.names[0])

    def test_job_that_failed_before_its_lost_reply_was_followed_up_is_not_submitted_again(self):
        # An attempt before this one failed too: that job does not count, the own one does.
        self.emulator.add_outcome("batch_attempt", exit_code=6)
        self.assert_failure(self.run_step(), "exit code 6")
        self.emulator.forget()
        self.emulator.add_outcome("batch_attempt", exit_code=4)
        self.emulator.add_fault("batch", "SubmitJob", action="lose")
        done = self.run_step(poll=1)
        self.assertEqual(4, self.assert_failure(done, "exit code 4")["exitCode"])
        self.assertEqual(["found", "failed"], [name for name in done.names if name != "waiting"])
        self.assertEqual(1, len(self.calls("SubmitJob")))
        self.assertEqual(2, len(self.jobs()))

    def test_ten_troubles_in_a_row_are_waited_out(self):
        self.emulator.add_outcome("batch_attempt", seconds=300)
        self.emulator.add_fault("batch", "DescribeJobs", "TooManyRequestsException", status=429, times=4)
        self.emulator.add_fault("batch", "DescribeJobs", "ServerException", status=503, times=3)
        self.emulator.add_fault("batch", "DescribeJobs", action="drop", times=4)
        self.emulator.add_fault("batch", "ListJobs", "TooManyRequestsException", status=429, times=2)
        self.assert_success(self.run_step(poll=0.1))

    def test_polls_keep_their_distance(self):
        self.emulator.add_outcome("batch_attempt", seconds=1000)
        began = time.monotonic()
        self.assert_success(self.run_step(poll=0.5))
        self.assertLessEqual(len(self.calls("DescribeJobs")), (time.monotonic() - began) / 0.5 + 1)

    def test_job_that_disappears_ends_the_step(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        self.emulator.add_fault("batch", "DescribeJobs", action="reply", body={"jobs": []}, skip=3, times=None)
        self.assert_failure(self.run_step(), "is not known to Batch any more")
        self.assertEqual(6, len(self.calls("DescribeJobs")))

    def test_timeout_terminates_the_job(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        self.assert_failure(self.run_step(timeout=2), "was terminated: not done after 2 s; it was RUNNING", "terminated")
        self.assertEqual(["not done after 2 s"], [call["body"]["reason"] for call in self.calls("TerminateJob")])
        self.assert_ends("FAILED", "not done after 2 s")

    def test_sigterm_terminates_the_job(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        process = self.start(poll=30, starter=programs.start)
        self.assertEqual("submitted", json.loads(process.stdout.readline())["event"])
        process.send_signal(signal.SIGTERM)
        self.assert_failure(step.finish(process), "was terminated: the step was stopped by SIGTERM", "terminated")
        self.assert_ends("FAILED", "the step was stopped by SIGTERM")

    def test_sigterm_while_the_reply_is_open_terminates_the_job(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        self.emulator.add_fault("batch", "SubmitJob", action="lose", times=None)
        process = self.start(poll=30)
        while not self.jobs():
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        self.assert_failure(step.finish(process), "was terminated: the step was stopped by SIGTERM", "terminated")
        self.assertEqual(1, len(self.jobs()))

    def test_job_that_cannot_be_terminated_is_named(self):
        self.emulator.add_outcome("batch_attempt", **ENDLESS)
        self.emulator.add_fault("batch", "TerminateJob", "ServerException", status=500, times=None)
        self.assert_failure(self.run_step(timeout=1), "terminate it by hand")

    def test_refused_calls_name_the_operation(self):
        self.emulator.add_fault("batch", "SubmitJob", "AccessDeniedException", status=403, times=None)
        message = self.assert_failure(self.run_step(), "Batch refused SubmitJob .*AccessDeniedException")
        self.assertIsNone(message["jobId"])
        self.assertEqual(1, len(self.calls("SubmitJob")))

    def test_wrong_arguments_name_the_argument(self):
        for words, name in ((["--JOB_QUEUE="], "--JOB_QUEUE"), (["--POLL_SECONDS", "0"], "--POLL_SECONDS"), (["--TIMEOUT_SECONDS=x"], "--TIMEOUT_SECONDS")):
            done = self.run_step(*words, starter=programs.start)
            self.assertEqual(1, done.code)
            self.assertRegex(done.last_error, f"^ValueError: .*{name}")
            self.assertEqual([], done.events)

    def assert_ends(self, status, reason):
        end = time.monotonic() + 60
        while (job := self.jobs()[0])["status"] != status and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual((status, reason), (job["status"], job["statusReason"]))


class OldPython(unittest.TestCase):
    @unittest.skipUnless(shutil.which("python3.9"), "python3.9, which Glue's Python shell has, is not installed")
    def test_script_compiles_on_python_3_9(self):
        command = ["python3.9", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", str(step.SCRIPT)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if "command not found" in done.stderr:
            self.skipTest(done.stderr.splitlines()[0])
        self.assertEqual(0, done.returncode, done.stderr)

    def test_script_uses_no_newer_syntax_and_never_exits(self):
        import ast

        text = step.SCRIPT.read_text(encoding="utf-8")
        tree = ast.parse(text, feature_version=(3, 9))
        self.assertFalse([node for node in ast.walk(tree) if type(node).__name__ in ("Match", "TryStar")])
        self.assertIsNone(re.search(r"\bsys\.exit\(|\bexit\(|SystemExit", text.partition('"""')[2].partition('"""')[2]))


if __name__ == "__main__":
    unittest.main()
