"""The Glue resources of the applied environment, compared with the tables of the pipeline through Glue's own API."""
# needs: moto, terraform, provider
import unittest

from support.names import (
    ACCOUNT, BUCKETS, GOLD_JOB, IDS, MEDALLION_WORKFLOW, RAW, SHELL_JOB, SILVER_CRAWLER, SILVER_JOB, SILVER_WORKFLOW, TAXI_JOB, TOPIC,
)
from support.requirements import needs
from support.stack import applied

@needs("terraform", "provider", "moto")
class Glue(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = applied()
        cls.client = cls.stack.emulator.client

    def job(self, name):
        return self.client("glue").get_job(JobName=name)["Job"]

    def test_spark_jobs(self):
        for name, folder, bookmarks in (
            (TAXI_JOB, "process_taxi", True), (SILVER_JOB, "bronze_to_silver", True), (GOLD_JOB, "silver_to_gold", False),
        ):
            with self.subTest(name):
                job = self.job(name)
                self.assertEqual(
                    ("5.0", "G.1X", 2, 60, 0, 1, "glueetl", "3", f"s3://{BUCKETS['scripts']}/jobs/{folder}/glue_entry.py"),
                    (
                        job["GlueVersion"], job["WorkerType"], job["NumberOfWorkers"], job["Timeout"], job.get("MaxRetries", 0),
                        job["ExecutionProperty"]["MaxConcurrentRuns"], job["Command"]["Name"], job["Command"]["PythonVersion"],
                        job["Command"]["ScriptLocation"],
                    ),
                )
                self.assertEqual(f"job-bookmark-{'enable' if bookmarks else 'disable'}", job["DefaultArguments"]["--job-bookmark-option"])
                self.assertEqual(f"arn:aws:iam::{ACCOUNT}:role/{name}", job["Role"])

    def test_silver_job_overwrites_partitions_dynamically(self):
        self.assertEqual("spark.sql.sources.partitionOverwriteMode=dynamic", self.job(SILVER_JOB)["DefaultArguments"]["--conf"])

    def test_python_shell_job(self):
        job = self.job(SHELL_JOB)
        self.assertEqual(
            ("pythonshell", "3.9", 0.0625, 1, 45, 1),
            (
                job["Command"]["Name"], job["Command"]["PythonVersion"], job["MaxCapacity"], job["MaxRetries"], job["Timeout"],
                job["ExecutionProperty"]["MaxConcurrentRuns"],
            ),
        )
        self.assertEqual(
            {
                "--JOB_QUEUE": "idextractor", "--JOB_DEFINITION": "idextractor", "--TABLE_A": "glue://datalake/eligible",
                "--TABLE_B": "glue://datalake/accounts",
                "--OUTPUT": f"s3://{IDS}/ids/", "--NOTIFY_TOPIC_ARN": TOPIC,
            },
            job["DefaultArguments"],
        )

    def test_scripts_that_exist_are_uploaded(self):
        keys = {item["Key"] for item in self.client("s3").list_objects_v2(Bucket=BUCKETS["scripts"])["Contents"]}
        root = self.stack.terraform.root / "pipeline"
        files = {str(path.relative_to(root)) for pattern in ("jobs/*/glue_entry.py", "python_shell/*.py") for path in root.glob(pattern)}
        package = {"jobs/pipeline_jobs.zip"} if (root / "build" / "pipeline_jobs.zip").is_file() else set()
        self.assertEqual(files | package, keys)
        self.assertIn("python_shell/submit_extractor.py", keys)

    def test_databases_and_crawlers(self):
        glue = self.client("glue")
        databases = {database["Name"] for database in glue.get_databases()["DatabaseList"]}
        self.assertEqual({"datalake-pipeline-catalog-dev", "silver_data", "gold_data", "nyc_taxi_catalog"}, databases)
        crawlers = {
            crawler["Name"]: (
                crawler["Targets"]["S3Targets"][0]["Path"],
                crawler.get("TablePrefix", ""),
                crawler["DatabaseName"],
                crawler["SchemaChangePolicy"],
                crawler.get("Schedule"),
            )
            for crawler in glue.get_crawlers()["Crawlers"]
        }
        policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
        self.assertEqual(
            {
                SILVER_CRAWLER: (f"s3://{BUCKETS['silver']}/car_telemetry/", "silver_", "datalake-pipeline-catalog-dev", policy, None),
                "crawler-gold-data": (f"s3://{BUCKETS['gold']}/gold/", "", "gold_data", policy, None),
                "crawler-taxi-raw": (f"s3://{RAW}/raw/taxi/", "", "nyc_taxi_catalog", policy, None),
            },
            crawlers,
        )

    def test_silver_job_reads_a_table_that_exists(self):
        database, table = self.job(SILVER_JOB)["DefaultArguments"]["--source"].removeprefix("glue://").split("/")
        found = self.client("glue").get_table(DatabaseName=database, Name=table)["Table"]
        self.assertEqual(f"s3://{BUCKETS['bronze']}/car_telemetry/", found["StorageDescriptor"]["Location"])

    def triggers(self, workflow):
        glue = self.client("glue")
        found = [glue.get_trigger(Name=name)["Trigger"] for name in glue.list_triggers()["TriggerNames"]]
        return {trigger["Name"]: trigger for trigger in found if trigger["WorkflowName"] == workflow}

    def test_silver_workflow_has_its_two_triggers_and_no_others(self):
        triggers = self.triggers(SILVER_WORKFLOW)
        hourly, crawl = "datalake-pipeline-workflow-hourly-start-dev", "datalake-pipeline-job-succeeded-start-crawler-dev"
        self.assertEqual({hourly, crawl}, set(triggers))
        self.assertEqual(
            ("SCHEDULED", "cron(0 */1 * * ? *)", [SILVER_JOB]),
            (triggers[hourly]["Type"], triggers[hourly]["Schedule"], [a["JobName"] for a in triggers[hourly]["Actions"]]),
        )
        self.assertEqual("CONDITIONAL", triggers[crawl]["Type"])
        self.assertEqual(
            {"Logical": "AND", "Conditions": [{"LogicalOperator": "EQUALS", "JobName": SILVER_JOB, "State": "SUCCEEDED"}]},
            triggers[crawl]["Predicate"]
        )
        self.assertEqual([SILVER_CRAWLER], [action["CrawlerName"] for action in triggers[crawl]["Actions"]])
        self.assertEqual(1, self.client("glue").get_workflow(Name=SILVER_WORKFLOW)["Workflow"]["MaxConcurrentRuns"])

    def test_medallion_workflow_runs_each_job_after_the_one_before_it(self):
        triggers = self.triggers(MEDALLION_WORKFLOW)
        chain = [TAXI_JOB, SILVER_JOB, GOLD_JOB, SHELL_JOB]
        (start,) = [trigger for trigger in triggers.values() if trigger["Type"] == "ON_DEMAND"]
        self.assertEqual(chain[:1], [action["JobName"] for action in start["Actions"]])
        waiting = {
            trigger["Actions"][0]["JobName"]: (trigger["Type"], trigger["Predicate"]["Conditions"])
            for trigger in triggers.values() if trigger is not start
        }
        self.assertEqual(
            {
                job: ("CONDITIONAL", [{"LogicalOperator": "EQUALS", "JobName": before, "State": "SUCCEEDED"}]) for before,
                job in zip(chain, chain[1:])
            },
            waiting,
        )

    def test_triggers_that_have_to_fire_are_activated_when_they_are_created(self):
        requests = [call["body"] for call in self.stack.calls_of_apply if call["operation"] == "CreateTrigger"]
        self.assertEqual(6, len(requests))
        for request in requests:
            with self.subTest(request["Name"]):
                self.assertEqual(request["Type"] != "ON_DEMAND", request.get("StartOnCreation", False))


if __name__ == "__main__":
    unittest.main()
