"""The test support finds what it is for: a planted defect for each kind of check."""
import pathlib
import tempfile
import unittest

from support import glue_workflows, iam, programs
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
class Programs(unittest.TestCase):
    """A forked program behaves as one that is started."""

    SCRIPTS = {
        "arguments, environment and input": "import os, sys; print(sys.argv, sorted(os.environ.items()), sys.stdin.read())",
        "its place": "import os, sys; print(sys.path[0], __name__, __file__, os.getcwd())",
        "an exit code": "import sys; print('out'); sys.exit(3)",
        "a text as exit code": "import sys; sys.exit('why')",
        "an exception": "raise ValueError('broken')",
        "its end by a signal": "import os; print('out', flush=True); os.kill(os.getpid(), 15)",
        "handlers of signals": "import signal as s; print([s.getsignal(n) for n in (2, 13, 15, 17)], s.pthread_sigmask(s.SIG_BLOCK, []))",
        "a closed output": "import sys; print('x', file=sys.stderr); sys.stdout.close()",
        "a fresh default session": "import boto3; print(boto3.DEFAULT_SESSION)",
    }

    def end(self, starter, script):
        process = starter(script, ["--a", "b c"], {"PATH": "/usr/bin", "LANG": "C.UTF-8", "X": "é"})
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors.splitlines()[-1:]

    def test_forked_programs_end_as_started_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder, "program.py")
            for name, text in self.SCRIPTS.items():
                script.write_text(text, encoding="utf-8")
                with self.subTest(name):
                    self.assertEqual(self.end(programs.start, script), self.end(programs.fork, script))

    def test_program_that_does_not_end_is_killed_at_its_timeout(self):
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder, "program.py")
            script.write_text("import time; time.sleep(60)", encoding="utf-8")
            with self.assertRaises(TimeoutError):
                programs.fork(script, [], {}).communicate(timeout=0.1)


if __name__ == "__main__":
    unittest.main()
