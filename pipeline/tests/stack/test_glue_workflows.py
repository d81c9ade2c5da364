"""The deployed workflows, run by Glue's documented rules: the order of the stages, and what follows a failure."""
# needs: moto, terraform, provider
import time
import unittest

from support.glue_workflows import Workflow
from support.requirements import needs
from support.stacks import IS_QUICK, obtain

SILVER, GOLD, TAXI = "datalake-pipeline-silver-consolidation-dev", "job-transform-silver-to-gold", "job-process-taxi-data"
CRAWLER = "datalake-pipeline-silver-crawler-dev"


@needs("moto", "terraform", "provider")
@unittest.skipIf(IS_QUICK, "the quick stack has no workflows")
class Workflows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = obtain()
        cls.emulator = cls.stack.emulator
        cls.glue = cls.emulator.client("glue")
        cls.hourly = Workflow(cls.glue, cls.stack.outputs["glue_workflow_name"])
        cls.medallion = Workflow(cls.glue, cls.stack.outputs["medallion_workflow_name"])

    def setUp(self):
        self.emulator.forget()

    def start_job(self, name, arguments):
        run = self.glue.start_job_run(JobName=name, Arguments=arguments)["JobRunId"]
        while (state := self.glue.get_job_run(JobName=name, RunId=run)["JobRun"]["JobRunState"]) in ("STARTING", "RUNNING"):
            time.sleep(0.01)
        return state

    def start_crawler(self, name):
        self.glue.start_crawler(Name=name)
        while (found := self.glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
            time.sleep(0.01)
        return found["LastCrawl"]["Status"]

    def run_workflow(self, workflow, **outcome):
        if outcome:
            self.emulator.add_outcome("glue_job_run", **outcome)
        return workflow.run(self.start_job, self.start_crawler)

    def test_hourly_workflow_crawls_after_the_job(self):
        self.assertEqual(("SCHEDULED", "cron(0 */1 * * ? *)"), (self.hourly.start_trigger["Type"], self.hourly.start_trigger["Schedule"]))
        self.assertEqual([("job", SILVER, "SUCCEEDED"), ("crawler", CRAWLER, "SUCCEEDED")], self.run_workflow(self.hourly).ended)

    def test_hourly_workflow_does_not_crawl_after_a_failure(self):
        for state in ("FAILED", "TIMEOUT", "STOPPED"):
            self.assertEqual([("job", SILVER, state)], self.run_workflow(self.hourly, name=SILVER, final=state).ended)

    def test_medallion_runs_its_stages_in_order(self):
        self.assertEqual("ON_DEMAND", self.medallion.start_trigger["Type"])
        self.assertEqual([TAXI, SILVER, GOLD, "extract-ids"], self.run_workflow(self.medallion).names)

    def test_medallion_ends_with_the_stage_that_fails(self):
        for number, name in enumerate((TAXI, SILVER, GOLD)):
            for state in ("FAILED", "TIMEOUT", "STOPPED"):
                run = self.run_workflow(self.medallion, name=name, final=state)
                self.assertEqual([TAXI, SILVER, GOLD][:number + 1], run.names)

    def test_each_run_fires_each_trigger_once(self):
        run = self.run_workflow(self.medallion)
        self.assertEqual(4, len(run.fired))
        self.assertEqual(len(set(run.fired)), len(run.fired))
        self.assertEqual(2, len(self.hourly.triggers))


if __name__ == "__main__":
    unittest.main()
