"""Executions of the deployed state machine: every case of bad input, every retry, every path to a notification."""
# needs: moto, terraform, provider
import unittest

from support import scenarios
from support.executions import Runner
from support.stacks import needs_stack, obtain


@needs_stack
class Executions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = Runner(obtain())
        cls.addClassCleanup(cls.runner.close)
        scenarios.prepare(cls.runner)

    def play(self, scenario):
        execution = scenarios.play(self.runner, scenario)
        found = scenarios.differences(scenario, execution)
        self.assertEqual([], found, f"{scenario.name}: {' -> '.join(execution.states)}")
        return execution

    def test_too_large_object_is_refused(self):
        functions, name = self.runner.emulator.client("lambda"), self.runner.stack.outputs["validate_function_name"]
        kept = functions.get_function_configuration(FunctionName=name)["Environment"]
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**kept["Variables"], "MAX_BYTES": "150"}})
        self.addCleanup(functions.update_function_configuration, FunctionName=name, Environment=kept)
        self.play(scenarios.invalid("too_large", "200 bytes; the maximum is 150"))

    def test_incomplete_metadata_of_ids_is_a_failure(self):
        s3, ids = self.runner.emulator.client("s3"), self.runner.stack.outputs["buckets"]["ids"]
        s3.put_object(Bucket=ids, Key=scenarios.ACTIVE, Body=b"gz", Metadata={"total_ids": "3"})
        self.addCleanup(s3.put_object, Bucket=ids, Key=scenarios.ACTIVE, Body=b"gz", Metadata=scenarios.IDS)
        self.play(scenarios.extraction("metadata_missing", "MetadataMissing", "md5_checksum", calls=scenarios.EXTRACTED))

    def test_job_gets_the_upload(self):
        execution = self.play(scenarios.PLAIN[0])
        start = next(call for call in execution.calls if call["operation"] == "StartJobRun")
        self.assertEqual({"--bucket_name": self.runner.raw, "--source_key": scenarios.GOOD, "--source_prefix": "raw/taxi/", "--target_prefix": "processed/taxi/"},
                         start["body"]["Arguments"])

    def test_extraction_is_named_after_the_execution(self):
        execution = self.play(scenarios.EXTRACTIONS[0])
        submitted = next(call for call in execution.calls if call["operation"] == "SubmitJob")["body"]
        self.assertEqual("idextractor-" + execution.arn.rpartition(":")[2], submitted["jobName"])

    def test_transitions_stay_within_the_estimate(self):
        # A two-minute crawl: RUNNING for three looks, then STOPPING, then READY.
        execution = self.play(scenarios.crawl("crawl_of_two_minutes", looks=4, running=2, stopping=1))
        self.assertLessEqual(len(execution.states), 25, execution.states)
        quick = self.play(scenarios.crawl("crawl_quick", looks=1, running=0, stopping=0))
        self.assertEqual(11, len(quick.states), quick.states)


def add(scenario):
    def test(self):
        self.play(scenario)

    setattr(Executions, f"test_{scenario.name}", test)


for one in scenarios.ALL:
    add(one)

if __name__ == "__main__":
    unittest.main()
