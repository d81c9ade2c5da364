"""The extraction as it runs in production: the step of the Glue workflow submits the deployed job definition, the agent starts the real
extractor on tables of the Data Catalog, and the ids and their metadata are in S3."""
# needs: moto, terraform, provider
import gzip
import hashlib
import json
import time
import unittest

from support import extractor, step
from support.emulator import ROOT
from support.executions import Runner
from support.requirements import is_mandatory
from support.stacks import needs_stack, obtain

ACTIVE = "ids/active/latest.txt.gz"


@needs_stack
class Chain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = extractor.missing()
        if reason and not is_mandatory():
            raise unittest.SkipTest(reason)
        if reason:
            raise AssertionError(reason)
        cls.runner = Runner(obtain())
        cls.addClassCleanup(cls.runner.close)
        cls.emulator, outputs = cls.runner.emulator, cls.runner.stack.outputs
        cls.ids = outputs["buckets"]["ids"]
        tables = outputs["buckets"].get("silver", cls.runner.raw)
        extractor.upload_samples(cls.emulator, tables)
        cls.emulator.set_program("*idextractor*", extractor.program(), IDEXTRACTOR_ENDPOINT_URL=cls.emulator.endpoint, IDEXTRACTOR_PATH_STYLE="true")
        cls.addClassCleanup(cls.emulator.control, "POST", "images", {"image": "*idextractor*", "program": ["true"]})
        cls.expected = gzip.decompress((ROOT / "samples" / "expected.txt.gz").read_bytes())
        # The samples are of 2025; the definition's --max-partition-age would refuse them.
        cls.definition = cls.young_definition(outputs["job_definition_arn"])

    @classmethod
    def young_definition(cls, arn):
        batch = cls.emulator.client("batch")
        name = arn.rpartition("/")[2].partition(":")[0]
        found = max(batch.describe_job_definitions(jobDefinitionName=name)["jobDefinitions"], key=lambda one: one["revision"])
        command = list(found["containerProperties"]["command"])
        at = command.index("--max-partition-age")
        command[at:at + 2] = ["--allow-older"]
        made = batch.register_job_definition(
            jobDefinitionName=name + "-samples", type="container", platformCapabilities=found["platformCapabilities"], parameters=found["parameters"],
            containerProperties={**found["containerProperties"], "command": command}, retryStrategy=found["retryStrategy"], timeout={"attemptDurationSeconds": 300})
        cls.addClassCleanup(batch.deregister_job_definition, jobDefinition=made["jobDefinitionArn"])
        return made["jobDefinitionArn"]

    def setUp(self):
        self.emulator.forget()

    def run_step(self, run, *words):
        environment = self.emulator.environment("chain")
        return step.finish(step.start(environment, "--JOB_QUEUE", "idextractor", "--JOB_DEFINITION", self.definition, "--WORKFLOW_NAME", "metriccare_etl_workflow",
                                      "--WORKFLOW_RUN_ID", run, "--POLL_SECONDS", "0.5", "--TIMEOUT_SECONDS", "120",
                                      "--NOTIFY_TOPIC_ARN", self.runner.topic, *words))

    def active(self):
        found = self.emulator.client("s3").get_object(Bucket=self.ids, Key=ACTIVE)
        return gzip.decompress(found["Body"].read()), found["Metadata"]

    def log(self, job_id):
        container = self.emulator.client("batch").describe_jobs(jobs=[job_id])["jobs"][0]["container"]
        logs = self.emulator.client("logs")
        events = logs.get_log_events(logGroupName="/aws/batch/idextractor", logStreamName=container["logStreamName"], startFromHead=True)["events"]
        return [event["message"] for event in events]

    def test_step_publishes_the_ids(self):
        done = self.run_step("wr_chain")
        self.assertEqual(0, done.code, "\n".join([done.errors, *self.log(done.events[-1]["jobId"])]) if done.events else done.errors)
        text, metadata = self.active()
        self.assertEqual(self.expected, text)
        self.assertEqual(hashlib.md5(text).hexdigest(), metadata["md5_checksum"])
        (message, attributes), = self.runner.messages()
        self.assertEqual({"status": "SUCCESS"}, attributes)
        for name in ("total_ids", "md5_checksum", "source_partition"):
            self.assertEqual(metadata[name], message[name])
        lines = [json.loads(line) for line in self.log(message["jobId"]) if line.startswith("{")]
        result = next(line for line in lines if line.get("event") == "result")
        self.assertIsNotNone(result)
        metrics = next(line for line in lines if "_aws" in line)
        self.assertEqual(message["jobId"], metrics["BatchJobId"])
        # No id and no CPF in what Batch keeps.
        some = text.split(b"\n")[0].decode()
        self.assertFalse([line for line in self.log(message["jobId"]) if f'"{some}"' in line])

    def test_wrong_table_is_explained(self):
        # Table A has no column of ids.
        done = self.run_step("wr_wrong", "--TABLE_B", "glue://datalake/eligible")
        self.assertEqual(1, done.code)
        self.assertRegex(done.last_error, "exit code 7, input data or a Parquet file is bad.*attempts: 1; log stream: extract/default/")
        (message, _), = self.runner.messages()
        self.assertEqual(7, message["exitCode"])

    def test_stale_partition_is_explained(self):
        job = self.emulator.client("batch").submit_job(
            jobName="stale", jobQueue="idextractor", jobDefinition=self.runner.stack.outputs["job_definition_arn"])["jobId"]
        end = time.monotonic() + 120
        while (found := self.emulator.client("batch").describe_jobs(jobs=[job])["jobs"][0])["status"] not in ("SUCCEEDED", "FAILED") and time.monotonic() < end:
            time.sleep(0.2)
        self.assertEqual(6, found["container"]["exitCode"], self.log(job))


if __name__ == "__main__":
    unittest.main()
