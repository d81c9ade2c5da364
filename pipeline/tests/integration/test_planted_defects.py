"""Planted defects of the state machine: each is found by the scenario that is about it, on the emulator."""
# needs: moto
import unittest

from support.requirements import needs


@needs("moto")
class StateMachine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from support import deployment, scenarios
        from support.emulator import Emulator
        from support.executions import Runner

        cls.scenarios = {one.name: one for one in scenarios.ALL}
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.runner = Runner(deployment.deploy(cls.emulator))
        scenarios.prepare(cls.runner)
        cls.good = cls.runner.states.describe_state_machine(stateMachineArn=cls.runner.machine)["definition"]

    def found(self, scenario, *changes):
        from support import scenarios

        text = self.good
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.runner.states.update_state_machine(stateMachineArn=self.runner.machine, definition=text)
        scenario = self.scenarios[scenario]
        return " | ".join(scenarios.differences(scenario, scenarios.play(self.runner, scenario)))

    def test_defects_are_found(self):
        cases = {
            "no defect": ("success", (), "^$"),
            "one retry too few": ("validation_ServiceException_three_times", ('"MaxAttempts": 3', '"MaxAttempts": 2'), "calls of Invoke: expected 4, found 3"),
            "one retry too many": ("job_service_error_three_times", ('"MaxAttempts": 2', '"MaxAttempts": 3'), "calls of StartJobRun: expected 3, found 4"),
            "another pause": ("job_service_error_twice", ('"IntervalSeconds": 30', '"IntervalSeconds": 31'), "retries of RunGlueETLJob"),
            "a missing field": ("success", ('"jobRunId.$": "$.job.runId",', ""), "fields: expected"),
            "another text": ("success", ("ETL pipeline completed successfully", "done"), "message: expected"),
            "a failure that ends in success": ("job_FAILED", (
                '"GlueJobFailed": {\n      "Type": "Fail",\n      "Error": "GlueJobFailed",\n      "CausePath": "$.error.Cause"', '"GlueJobFailed": {\n      "Type": "Succeed"'),
                "status: expected 'FAILED'"),
            "a failed crawl that counts": ("crawl_failed", ('"StringEquals": "FAILED"', '"StringEquals": "NEVER"'), "message attribute: expected"),
            "a job that is run again": ("job_FAILED", ('"Glue.InternalServiceException"', '"States.TaskFailed"'), "calls of StartJobRun: expected 1"),
        }
        for name, (scenario, change, pattern) in cases.items():
            with self.subTest(name):
                self.assertRegex(self.found(scenario, *([change] if change else [])), pattern)


if __name__ == "__main__":
    unittest.main()
