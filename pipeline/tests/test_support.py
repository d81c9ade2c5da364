"""The test support finds what it is for: a planted defect for each kind of check."""
import unittest

from support import glue_workflows, iam
from support.requirements import needs

ACCOUNT, REGION = "123456789012", "us-east-1"


class Permissions(unittest.TestCase):
    CALLS = [
        {"key": "role", "service": "glue", "operation": "StartJobRun", "resource": "j", "body": {"JobName": "j"}},
        {"key": "role", "service": "s3", "operation": "HeadObject", "resource": "bucket/a/b c.csv"},
        {"key": "role", "service": "batch", "operation": "SubmitJob", "resource": "", "body": {"jobQueue": "q", "jobDefinition": "d"}},
        {"key": "person", "service": "iam", "operation": "ListRoles", "resource": ""},
    ]
    COMPLETE = [
        {"Effect": "Allow", "Action": ["glue:StartJobRun"], "Resource": f"arn:aws:glue:{REGION}:{ACCOUNT}:job/j"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::bucket/a/*"]},
        {"Effect": "Allow", "Action": "batch:SubmitJob", "Resource": [f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/q",
                                                                      f"arn:aws:batch:{REGION}:{ACCOUNT}:job-definition/d:*"]},
    ]

    def missing(self, statements):
        roles = iam.Roles.__new__(iam.Roles)
        roles._statements = {}
        roles.add("role", {"Statement": statements})
        return iam.missing(self.CALLS, roles, ACCOUNT, REGION)

    def test_complete_policy_lacks_nothing(self):
        self.assertEqual([], self.missing(self.COMPLETE))

    def test_each_statement_that_is_left_out_is_found(self):
        for number, word in enumerate(("glue:StartJobRun", "s3:GetObject", "batch:SubmitJob")):
            rest = self.COMPLETE[:number] + self.COMPLETE[number + 1:]
            self.assertRegex(" ".join(self.missing(rest)), f"role lacks {word} on ")

    def test_another_resource_and_a_deny_are_found(self):
        narrow = [*self.COMPLETE[:1], {**self.COMPLETE[1], "Resource": "arn:aws:s3:::bucket/b/*"}, self.COMPLETE[2]]
        self.assertEqual(["role lacks s3:GetObject on arn:aws:s3:::bucket/a/b c.csv"], self.missing(narrow))
        self.assertEqual(1, len(self.missing([*self.COMPLETE, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}])))
        definition = [*self.COMPLETE[:2], {**self.COMPLETE[2], "Resource": self.COMPLETE[2]["Resource"][:1]}]
        self.assertRegex(self.missing(definition)[0], "job-definition/d:1")

    def test_call_that_is_not_described_is_an_error(self):
        with self.assertRaises(KeyError):
            iam.needed({"service": "glue", "operation": "DeleteJob", "resource": "", "body": {}}, ACCOUNT, REGION)


class Workflows(unittest.TestCase):
    def trigger(self, name, job, after=None, state="SUCCEEDED", logical="AND"):
        found = {"Name": name, "WorkflowName": "w", "State": "ACTIVATED", "Actions": [{"JobName": job}], "Type": "CONDITIONAL" if after else "ON_DEMAND"}
        if after:
            found["Predicate"] = {"Logical": logical, "Conditions": [{"LogicalOperator": "EQUALS", "JobName": one, "State": state} for one in after]}
        return found

    def run_triggers(self, *triggers, failing=()):
        workflow = glue_workflows.Workflow.__new__(glue_workflows.Workflow)
        workflow.triggers = list(triggers)
        return workflow.run(lambda name, _: "FAILED" if name in failing else "SUCCEEDED", None).names

    def test_order_and_failures(self):
        chain = (self.trigger("1", "a"), self.trigger("2", "b", ["a"]), self.trigger("3", "c", ["b"]))
        self.assertEqual(["a", "b", "c"], self.run_triggers(*chain))
        self.assertEqual(["a", "b"], self.run_triggers(*chain, failing=("b",)))

    def test_wrong_predecessor_is_seen(self):
        self.assertEqual(["a", "b", "c"], self.run_triggers(self.trigger("1", "a"), self.trigger("2", "b", ["a"]), self.trigger("3", "c", ["a"])))
        self.assertEqual(["a", "c"], self.run_triggers(self.trigger("1", "a"), self.trigger("2", "b", ["x"]), self.trigger("3", "c", ["a"])))
        self.assertEqual(["a"], self.run_triggers(self.trigger("1", "a"), self.trigger("2", "b", ["a"], "FAILED")))

    def test_and_waits_for_all_and_any_for_one(self):
        triggers = (self.trigger("1", "a"), self.trigger("2", "b", ["a"]))
        self.assertEqual(["a", "b", "c"], self.run_triggers(*triggers, self.trigger("3", "c", ["a", "b"])))
        self.assertEqual(["a", "b"], self.run_triggers(*triggers, self.trigger("3", "c", ["b", "x"])))
        self.assertEqual(["a", "b", "c"], self.run_triggers(*triggers, self.trigger("3", "c", ["b", "x"], logical="ANY")))

    def test_states_that_do_not_exist_are_refused(self):
        with self.assertRaises(ValueError):
            self.run_triggers(self.trigger("1", "a"), self.trigger("2", "b", ["a"], "DONE"))


@needs("moto")
class StateMachine(unittest.TestCase):
    """Defects of the state machine, each found by the scenario that is about it."""

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
