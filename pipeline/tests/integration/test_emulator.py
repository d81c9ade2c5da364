"""The emulator's additions to moto, each against what the service's documentation says of it."""
# needs: moto
import io
import json
import pathlib
import subprocess
import sys
import time
import unittest
import zipfile

from support.emulator import PROGRAM
from support.requirements import needs

ACCOUNT = "123456789012"
REGION = "us-east-1"
SLOW_START = pathlib.Path(__file__).resolve().parents[1] / "support" / "slow_start.py"
FUNCTION = '''
import json, os, time
count = 0
def handler(event, context):
    global count
    count += 1
    if isinstance(event, dict) and event.get("raise"):
        raise ValueError(event["raise"])
    if isinstance(event, dict) and event.get("sleep"):
        time.sleep(event["sleep"])
    if isinstance(event, dict) and event.get("exit"):
        os._exit(3)
    print("called", json.dumps(event))
    return {"event": event, "count": count, "role": os.environ["AWS_ACCESS_KEY_ID"], "variable": os.environ.get("VARIABLE"),
            "name": context.function_name, "arn": context.invoked_function_arn, "left": context.get_remaining_time_in_millis()}
'''


def package(text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("index.py", text)
    return data.getvalue()


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError("what the test waits for did not happen")
        time.sleep(0.02)
    return found


@needs("moto")
class Additions(unittest.TestCase):
    """One emulator for all classes below: it takes seconds to start."""

    emulator = None

    @classmethod
    def setUpClass(cls):
        from support.emulator import Emulator

        if Additions.emulator is None:
            Additions.emulator = Emulator()
            iam = Additions.emulator.client("iam")
            Additions.role = iam.create_role(RoleName="its-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    def setUp(self):
        self.emulator.forget()

    def client(self, service):
        return self.emulator.client(service)


class StateMachines(Additions):
    count = 0

    def machine(self, states, **more):
        StateMachines.count += 1
        definition = json.dumps({"StartAt": next(iter(states)), "States": states, **more})
        return self.client("stepfunctions").create_state_machine(name=f"machine-{self.count}", definition=definition, roleArn=self.role)["stateMachineArn"]

    def run_machine(self, states, given=None, **more):
        arn = self.client("stepfunctions").start_execution(stateMachineArn=self.machine(states, **more), input=json.dumps(given or {}))["executionArn"]
        return wait_for(lambda: (found := self.client("stepfunctions").describe_execution(executionArn=arn))["status"] != "RUNNING" and found)

    def task(self, resource, retry=(), **parameters):
        caught = {"ErrorEquals": ["States.ALL"], "Next": "Caught"}
        return {"Task": {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "Retry": list(retry), "Catch": [caught], "End": True},
                "Caught": {"Type": "Pass", "End": True}}

    def test_definitions_are_validated(self):
        states = self.client("stepfunctions")
        for text, result in (('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', "OK"), ("{", "FAIL"), ('{"StartAt": "A"}', "FAIL")):
            found = states.validate_state_machine_definition(definition=text)
            self.assertEqual((result, result == "OK"), (found["result"], not found["diagnostics"]))

    def test_versions_are_listed_newest_first(self):
        states, arn = self.client("stepfunctions"), self.machine({"A": {"Type": "Succeed"}})
        self.assertEqual([], states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"])
        made = [states.update_state_machine(stateMachineArn=arn, roleArn=self.role, publish=True)["stateMachineVersionArn"] for _ in range(2)]
        self.assertEqual(made[::-1], [one["stateMachineVersionArn"] for one in states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]])

    def test_names_of_executions(self):
        states, arn = self.client("stepfunctions"), self.machine({"A": {"Type": "Wait", "Seconds": 10**6, "End": True}})
        unnamed = {states.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2)}
        self.assertEqual(2, len(unnamed))
        for name in ("a b", "a/b", "x" * 81, "a$"):
            with self.assertRaises(states.exceptions.InvalidName):
                states.start_execution(stateMachineArn=arn, name=name)
        first = states.start_execution(stateMachineArn=arn, name="same", input='{"a": 1}')["executionArn"]
        self.assertEqual(first, states.start_execution(stateMachineArn=arn, name="same", input='{"a": 1}')["executionArn"])
        with self.assertRaises(states.exceptions.ExecutionAlreadyExists):
            states.start_execution(stateMachineArn=arn, name="same", input='{"a": 2}')

    def test_executions_are_listed_while_others_start(self):
        found = subprocess.run([sys.executable, str(SLOW_START), str(PROGRAM.parent)], capture_output=True, text=True, timeout=120)
        self.assertEqual((0, "['RUNNING']", ""), (found.returncode, found.stdout.strip(), found.stderr))

    def test_history_pages_in_both_directions(self):
        states = self.client("stepfunctions")
        arn = self.run_machine({name: {"Type": "Pass", "Next": after} for name, after in zip("ABCD", "BCDE")} | {"E": {"Type": "Pass", "End": True}})["executionArn"]
        whole = states.get_execution_history(executionArn=arn)["events"]
        paged, token = [], {}
        while True:
            page = states.get_execution_history(executionArn=arn, maxResults=5, **token)
            paged += page["events"]
            if "nextToken" not in page:
                break
            self.assertEqual(5, len(page["events"]))
            token = {"nextToken": page["nextToken"]}
        self.assertEqual([event["id"] for event in whole], [event["id"] for event in paged])
        self.assertEqual(whole[-1]["id"], states.get_execution_history(executionArn=arn, maxResults=1, reverseOrder=True)["events"][0]["id"])

    def test_waits_and_retries_are_scaled_and_recorded(self):
        self.emulator.add_fault("sqs", "ListQueues", "Throttled", times=2)
        began = time.monotonic()
        retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 2, "BackoffRate": 1.5}]
        states = {"Wait": {"Type": "Wait", "Seconds": 90, "Next": "Task"}, **self.task("aws-sdk:sqs:listQueues", retry)}
        found = self.run_machine(states)
        self.assertEqual("SUCCEEDED", found["status"])
        waits = self.emulator.waits(execution=found["executionArn"])
        self.assertEqual([("wait", 90, "Wait"), ("retry", 60, "Task"), ("retry", 90, "Task")], [(one["kind"], one["seconds"], one["state"]) for one in waits])
        self.assertLess(time.monotonic() - began, 90)

    def test_same_definition_runs_each_time_as_the_first(self):
        retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 2, "BackoffRate": 1.0}]
        first = {"Keep": {"Type": "Pass", "Parameters": {"given.$": "$.given"}, "ResultPath": "$.kept", "Next": "Task"}}
        states = {**first, **self.task("aws-sdk:sqs:listQueues", retry)}
        states["Task"]["ResultPath"] = "$.found"
        for given in ("a", "b"):
            self.emulator.add_fault("sqs", "ListQueues", "Throttled", times=2)
            found = self.run_machine(states, {"given": given})
            output = json.loads(found["output"])
            self.assertEqual(("SUCCEEDED", {"given": given}, True), (found["status"], output["kept"], "found" in output))
            self.assertEqual([60, 60], [wait["seconds"] for wait in self.emulator.waits(execution=found["executionArn"])])

    def test_timeout_counts_the_machines_own_seconds(self):
        found = self.run_machine({"Wait": {"Type": "Wait", "Seconds": 600, "Next": "Again"}, "Again": {"Type": "Wait", "Seconds": 600, "End": True}}, TimeoutSeconds=1000)
        self.assertEqual("TIMED_OUT", found["status"])
        self.assertIn("stopDate", found)
        self.assertEqual("SUCCEEDED", self.run_machine({"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}, TimeoutSeconds=1000)["status"])

    def test_errors_have_the_names_that_the_guide_gives(self):
        cases = {
            ("aws-sdk:glue:getCrawler", "Glue.EntityNotFoundException"): {"Name": "gone"},
            ("aws-sdk:s3:headObject", "S3.NoSuchKeyException"): {"Bucket": "gone", "Key": "k"},
            ("glue:startJobRun.sync", "Glue.EntityNotFoundException"): {"JobName": "gone"},
            ("lambda:invoke", "Lambda.ResourceNotFoundException"): {"FunctionName": "gone"},
            ("batch:submitJob.sync", "Batch.ClientException"): {"JobName": "a", "JobQueue": "gone", "JobDefinition": "gone"},
            ("sns:publish", "SNS.NotFoundException"): {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:gone", "Message": "m"},
        }
        for (resource, error), parameters in cases.items():
            with self.subTest(resource):
                self.assertEqual(error, json.loads(self.run_machine(self.task(resource, **parameters))["output"])["Error"])

    def test_calls_are_signed_by_the_role(self):
        self.run_machine(self.task("aws-sdk:sqs:listQueues"))
        self.assertEqual([200], [call["status"] for call in self.emulator.requests(key="its-role", operation="ListQueues")])


class Functions(Additions):
    def make(self, name, text=FUNCTION, **more):
        settings = {"Runtime": "python3.11", "Role": self.role, "Handler": "index.handler", "Timeout": 20, **more}
        self.client("lambda").create_function(FunctionName=name, Code={"ZipFile": package(text)}, **settings)
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"

    def invoke(self, name, event):
        reply = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return reply.get("FunctionError"), json.loads(reply["Payload"].read())

    def test_package_runs_with_environment_role_and_context(self):
        arn = self.make("runs", Environment={"Variables": {"VARIABLE": "v"}})
        error, answer = self.invoke("runs", {"a": "é"})
        self.assertIsNone(error)
        self.assertEqual(({"a": "é"}, "its-role", "v", "runs", arn), tuple(answer[name] for name in ("event", "role", "variable", "name", "arn")))
        self.assertTrue(0 < answer["left"] <= 20000)
        # The environment is warm now; other code starts another one.
        self.assertEqual(2, self.invoke("runs", [])[1]["count"])
        self.client("lambda").update_function_code(FunctionName="runs", ZipFile=package(FUNCTION + "\n"))
        self.assertEqual(1, self.invoke("runs", 7)[1]["count"])

    def test_failures_have_lambdas_form(self):
        self.make("fails", Timeout=1)
        error, answer = self.invoke("fails", {"raise": "broken"})
        self.assertEqual(("Unhandled", "ValueError", "broken"), (error, answer["errorType"], answer["errorMessage"]))
        self.assertEqual("Sandbox.Timedout", self.invoke("fails", {"sleep": 5})[1]["errorType"])
        self.assertEqual("Runtime.ExitError", self.invoke("fails", {"exit": 1})[1]["errorType"])
        self.assertEqual(1, self.invoke("fails", {})[1]["count"])
        self.make("no-handler", Handler="index.gone")
        self.assertEqual("AttributeError", self.invoke("no-handler", {})[1]["errorType"])

    def test_failed_events_are_tried_again_and_end_in_the_dead_letter_queue(self):
        queue = self.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
        self.make("dies", DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"})
        self.assertIn("dead", self.client("lambda").get_function_configuration(FunctionName="dies")["DeadLetterConfig"]["TargetArn"])
        reply = self.client("lambda").invoke(FunctionName="dies", InvocationType="Event", Payload=b'{"raise": "broken"}')
        self.assertEqual(202, reply["StatusCode"])
        message = wait_for(lambda: self.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"]).get("Messages"))[0]
        self.assertEqual({"raise": "broken"}, json.loads(message["Body"]))
        self.assertEqual("broken", message["MessageAttributes"]["ErrorMessage"]["StringValue"])
        self.assertEqual([60, 120], [wait["seconds"] for wait in self.emulator.waits(kind="lambda_retry")])

    def test_events_of_s3(self):
        logs, s3 = self.client("logs"), self.client("s3")
        arn = self.make("listens")
        logs.create_log_group(logGroupName="/aws/lambda/listens")
        s3.create_bucket(Bucket="events")
        s3.put_bucket_versioning(Bucket="events", VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_notification_configuration(Bucket="events", NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}], "EventBridgeConfiguration": {}})
        self.assertEqual({}, s3.get_bucket_notification_configuration(Bucket="events")["EventBridgeConfiguration"])
        rules = self.client("events")
        rules.put_rule(Name="created", EventPattern=json.dumps({"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": ["events"]}}}))
        rules.put_targets(Rule="created", Targets=[{"Id": "1", "Arn": arn}])
        versions = [s3.put_object(Bucket="events", Key="x/a b+é", Body=b"x")["VersionId"] for _ in range(2)]

        def received():
            lines = [event["message"] for event in logs.filter_log_events(logGroupName="/aws/lambda/listens")["events"]]
            return len(lines) == 4 and [json.loads(line.partition(" ")[2]) for line in lines]

        events = wait_for(received)
        records = [event["Records"][0] for event in events if "Records" in event]
        self.assertEqual({"x/a+b%2B%C3%A9"}, {record["s3"]["object"]["key"] for record in records})
        self.assertEqual(set(versions), {record["s3"]["object"]["versionId"] for record in records})
        self.assertEqual(2, len({record["s3"]["object"]["sequencer"] for record in records}))
        for record in records:
            self.assertRegex(record["eventTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        details = [event["detail"] for event in events if "detail" in event]
        self.assertEqual({"x/a b+é"}, {detail["object"]["key"] for detail in details})
        self.assertEqual(set(versions), {detail["object"]["version-id"] for detail in details})


class Glue(Additions):
    def test_job_runs_end_on_demand(self):
        glue = self.client("glue")
        glue.create_job(Name="job", Role=self.role, Command={"Name": "glueetl", "ScriptLocation": "s3://a/b.py"})
        self.emulator.add_outcome("glue_job_run", name="other", final="FAILED")
        self.emulator.add_outcome("glue_job_run", name="job", final="TIMEOUT", message="too long", polls=2, execution_time=7)
        run = glue.start_job_run(JobName="job")["JobRunId"]
        with self.assertRaises(glue.exceptions.ConcurrentRunsExceededException):
            glue.start_job_run(JobName="job")
        seen = [glue.get_job_run(JobName="job", RunId=run)["JobRun"] for _ in range(3)]
        self.assertEqual(["RUNNING", "RUNNING", "TIMEOUT"], [one["JobRunState"] for one in seen])
        self.assertEqual((7, "too long"), (seen[2]["ExecutionTime"], seen[2]["ErrorMessage"]))
        self.assertNotIn("CompletedOn", seen[0])
        again = glue.start_job_run(JobName="job")["JobRunId"]
        self.assertEqual([again], [one["JobRunId"] for one in glue.batch_stop_job_run(JobName="job", JobRunIds=[again, "jr_x"])["SuccessfulSubmissions"]])
        self.assertEqual("STOPPED", glue.get_job_run(JobName="job", RunId=again)["JobRun"]["JobRunState"])

    def test_crawler_goes_through_the_documented_states(self):
        glue = self.client("glue")
        glue.create_crawler(Name="crawler", Role=self.role, DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://a/"}]})

        def look():
            found = glue.get_crawler(Name="crawler")["Crawler"]
            return found["State"], found.get("LastCrawl", {}).get("Status")

        self.assertEqual(("READY", None), look())
        glue.start_crawler(Name="crawler")
        self.assertEqual([("RUNNING", None), ("STOPPING", None), ("READY", "SUCCEEDED")], [look() for _ in range(3)])
        self.emulator.add_outcome("crawl", name="crawler", running=2, stopping=0, final="FAILED", message="no table")
        glue.start_crawler(Name="crawler")
        with self.assertRaises(glue.exceptions.CrawlerRunningException):
            glue.start_crawler(Name="crawler")
        # The last crawl is the last one that has ended.
        self.assertEqual([("RUNNING", "SUCCEEDED"), ("RUNNING", "SUCCEEDED"), ("READY", "FAILED")], [look() for _ in range(3)])
        self.assertEqual("no table", glue.get_crawler(Name="crawler")["Crawler"]["LastCrawl"]["ErrorMessage"])
        glue.start_crawler(Name="crawler")
        glue.stop_crawler(Name="crawler")
        self.assertEqual([("STOPPING", "FAILED"), ("READY", "CANCELLED")], [look() for _ in range(2)])

    def test_jobs_crawlers_and_triggers_change_in_place(self):
        glue = self.client("glue")
        glue.create_job(Name="changes", Role=self.role, Command={"Name": "glueetl", "ScriptLocation": "s3://a/b.py"}, Timeout=5)
        glue.update_job(JobName="changes", JobUpdate={"Timeout": 60, "DefaultArguments": {"--a": "b"}})
        job = glue.get_job(JobName="changes")["Job"]
        self.assertEqual((60, {"--a": "b"}, self.role), (job["Timeout"], job["DefaultArguments"], job["Role"]))
        glue.create_crawler(Name="changes", Role=self.role, DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://a/"}]})
        glue.update_crawler(Name="changes", TablePrefix="silver_")
        self.assertEqual(("silver_", "d"), tuple(glue.get_crawler(Name="changes")["Crawler"][name] for name in ("TablePrefix", "DatabaseName")))
        glue.create_trigger(Name="changes", Type="SCHEDULED", Schedule="cron(0 1 * * ? *)", Actions=[{"JobName": "changes"}])
        glue.update_trigger(Name="changes", TriggerUpdate={"Schedule": "cron(0 2 * * ? *)"})
        self.assertEqual("cron(0 2 * * ? *)", glue.get_trigger(Name="changes")["Trigger"]["Schedule"])


class Batch(Additions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "queue" not in vars(Batch):
            from support import deployment

            Batch.queue, Batch.definition = deployment.batch(cls.emulator, {"batch": cls.role, "job": cls.role})

    def submit(self, name, **more):
        return self.client("batch").submit_job(jobName=name, jobQueue=self.queue, jobDefinition=self.definition, **more)["jobId"]

    def job(self, job_id):
        return self.client("batch").describe_jobs(jobs=[job_id])["jobs"][0]

    def ended(self, job_id):
        return wait_for(lambda: (found := self.job(job_id))["status"] in ("SUCCEEDED", "FAILED") and found)

    def program(self, text):
        """A Python script that stands for the image."""
        import sys

        self.emulator.set_program("*idextractor*", [sys.executable, "-c", text])
        self.addCleanup(self.emulator.control, "POST", "images", {"image": "*idextractor*", "program": ["true"]})

    def test_program_gets_command_parameters_environment_and_role(self):
        self.program("import json, os, sys, urllib.request as u; print(json.dumps([sys.argv[1:], dict(os.environ), json.load(u.urlopen("
                     "os.environ['AWS_CONTAINER_CREDENTIALS_FULL_URI']))['AccessKeyId']]))")
        job = self.ended(self.submit("program", parameters={"table_a": "glue://other/table"}, containerOverrides={
            "environment": [{"name": "IDEXTRACTOR_LOG", "value": "text"}, {"name": "MORE", "value": "1"}]}))
        self.assertEqual(("SUCCEEDED", 0), (job["status"], job["container"]["exitCode"]))
        self.assertRegex(job["container"]["logStreamName"], "^extract/default/[0-9a-f]{32}$")
        events = self.client("logs").get_log_events(logGroupName="/aws/batch/idextractor", logStreamName=job["container"]["logStreamName"])["events"]
        words, environment, role = json.loads(events[0]["message"])
        self.assertEqual(["extract", "--table-a", "glue://other/table", "--table-b", "glue://datalake/accounts", "--output", "s3://ids-bucket/ids/"], words[:7])
        self.assertEqual(("text", "1", "emf", job["jobId"], "1"), tuple(environment[name] for name in (
            "IDEXTRACTOR_LOG", "MORE", "IDEXTRACTOR_METRICS", "AWS_BATCH_JOB_ID", "AWS_BATCH_JOB_ATTEMPT")))
        self.assertNotIn("AWS_ACCESS_KEY_ID", environment)
        self.assertEqual("its-role", role)

    def test_exit_codes_decide_over_retries(self):
        for codes, attempts, status in (([75, 75, 75], 3, "FAILED"), ([75, 0], 2, "SUCCEEDED"), ([4], 1, "FAILED"), ([137], 1, "FAILED")):
            with self.subTest(codes=codes):
                for code in codes:
                    self.emulator.add_outcome("batch_attempt", exit_code=code)
                job = self.ended(self.submit("codes"))
                self.assertEqual((status, attempts, codes[-1]), (job["status"], len(job["attempts"]), job["container"]["exitCode"]))
                self.assertEqual(codes, [attempt["container"]["exitCode"] for attempt in job["attempts"]])

    def test_rules_of_retries_are_read_as_documented(self):
        rules = [{"onStatusReason": "Host EC2*", "action": "RETRY"}, {"onExitCode": "7*", "onReason": "OOM*", "action": "RETRY"}, {"onReason": "*", "action": "EXIT"}]
        cases = (({"exit_code": None, "status_reason": "Host EC2 (instance i-1) terminated."}, 2), ({"exit_code": 75, "reason": "OutOfMemory"}, 1),
                 ({"exit_code": 75, "reason": "OOMKilled"}, 2), ({"exit_code": 1}, 1))
        for outcome, attempts in cases:
            with self.subTest(outcome=outcome):
                self.emulator.add_outcome("batch_attempt", **outcome)
                job = self.ended(self.submit("rules", retryStrategy={"attempts": 3, "evaluateOnExit": rules}))
                self.assertEqual(attempts, len(job["attempts"]))
        # Without a rule that fits, the job is retried.
        self.emulator.add_outcome("batch_attempt", exit_code=1, times=2)
        self.assertEqual(3, len(self.ended(self.submit("rules", retryStrategy={"attempts": 3, "evaluateOnExit": rules[:1]}))["attempts"]))

    def test_attempts_end_at_their_timeout(self):
        self.program("import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)); print('ready', flush=True); time.sleep(60)")
        job = self.ended(self.submit("slow", timeout={"attemptDurationSeconds": 3}))
        self.assertEqual(("FAILED", "Job attempt duration exceeded timeout", 143, 1),
                         (job["status"], job["statusReason"], job["container"]["exitCode"], len(job["attempts"])))

    def test_terminated_jobs_have_the_reason(self):
        self.emulator.add_outcome("batch_attempt", seconds=None)
        job_id = self.submit("endless")
        wait_for(lambda: self.job(job_id)["status"] == "RUNNING")
        self.client("batch").terminate_job(jobId=job_id, reason="enough")
        self.assertEqual(("FAILED", "enough"), tuple(self.ended(job_id)[name] for name in ("status", "statusReason")))

    def test_list_filters_by_name_and_pages(self):
        for _ in range(5):
            self.submit("Listed")
        self.submit("listed-too")
        jobs = self.client("batch")

        def listed(value, **more):
            pages = jobs.get_paginator("list_jobs").paginate(jobQueue="idextractor", filters=[{"name": "JOB_NAME", "values": [value]}], **more)
            return [len(page["jobSummaryList"]) for page in pages]

        self.assertEqual([2, 2, 1], listed("listed", PaginationConfig={"PageSize": 2}))
        self.assertEqual([6], listed("listed*"))

    def test_definitions_are_found_without_a_revision(self):
        first = self.definition.rpartition("/")[2]
        jobs = self.client("batch")
        for name in (first, self.definition, self.definition + ":1"):
            self.assertTrue(jobs.submit_job(jobName="by-name", jobQueue="idextractor", jobDefinition=name)["jobId"])
        with self.assertRaises(jobs.exceptions.ClientException):
            jobs.submit_job(jobName="by-name", jobQueue="idextractor", jobDefinition="gone")


class Faults(Additions):
    def test_errors_have_the_form_of_each_protocol(self):
        calls = {("glue", "GetJob"): lambda: self.client("glue").get_job(JobName="x"), ("batch", "DescribeJobs"): lambda: self.client("batch").describe_jobs(jobs=["x"]),
                 ("s3", "GetObject"): lambda: self.client("s3").get_object(Bucket="b", Key="k"), ("sns", "ListTopics"): lambda: self.client("sns").list_topics(),
                 ("lambda", "GetFunction"): lambda: self.client("lambda").get_function(FunctionName="x"), ("states", "ListStateMachines"):
                 lambda: self.client("stepfunctions").list_state_machines()}
        from botocore.exceptions import ClientError

        for (service, operation), call in calls.items():
            with self.subTest(service):
                self.emulator.add_fault(service, operation, "SomeException", status=418, message="a < b")
                with self.assertRaises(ClientError) as raised:
                    call()
                reply = raised.exception.response
                self.assertEqual(("SomeException", "a < b", 418), (reply["Error"]["Code"], reply["Error"]["Message"], reply["ResponseMetadata"]["HTTPStatusCode"]))

    def test_lost_replies_are_carried_out_and_dropped_requests_are_not(self):
        from botocore.exceptions import HTTPClientError

        sqs = self.client("sqs")
        for action, made in (("drop", False), ("lose", True)):
            self.emulator.add_fault("sqs", "CreateQueue", action=action)
            with self.assertRaises(HTTPClientError):
                sqs.create_queue(QueueName=f"after-{action}")
            self.assertEqual(made, any(f"after-{action}" in url for url in sqs.list_queues().get("QueueUrls", [])))

    def test_rules_skip_and_count(self):
        self.emulator.add_fault("sqs", "ListQueues", "Broken", skip=1, times=2)
        sqs, seen = self.client("sqs"), []
        for _ in range(4):
            try:
                sqs.list_queues()
                seen.append(True)
            except Exception:
                seen.append(False)
        self.assertEqual([True, False, False, True], seen)


if __name__ == "__main__":
    unittest.main()
