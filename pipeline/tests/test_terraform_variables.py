"""What the variables refuse, with a message that states what is accepted.

The variable blocks alone are planned in an empty folder: no provider is loaded. `terraform test` plans all cases of a folder in one
process, each as a file with one run, because a run that fails skips the rest of its file.
"""
# needs: terraform
# seconds: 6
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support.requirements import needs
from support.terraform import ROOT

CONFIGURATION = ROOT / "pipeline" / "terraform"
REQUIRED = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1"], "extractor_image": "registry.example.com/idextractor:0.2.0"}
DIGEST = "@sha256:" + "0" * 64
TABLES = [
    "glue://eligible", "glue://a/b/c", "glue://a/b?catalog=1", "s3://bucket", "s3://bucket/prefix", "s3://bucket/", "/data/eligible",
    "https://host/a/", "", "a/b",
]
SCHEDULES = ["rate(1 hour)", "cron(0 7 * * ?)", "cron(0 7 * * ? * *)", "0 7 * * ? *", "cron(0 7 * * ? *", "", "Cron(0 7 * * ? *)", "cron(0 7 * * ? *))"]

# Variable -> values that are refused.
REFUSED = {
    "endpoint_url": ["localhost:5000", "ftp://host", "", "http://"],
    "subnet_ids": [[]],
    "extractor_image": [
        "idextractor", "host:5000/idextractor", "idextractor:latest", "host:5000/idextractor:latest", "idextractor@sha256:12",
        "idextractor:", "",
    ],
    "extractor_platform": ["EC2", "fargate", "SPOT", ""],
    "table_a": TABLES,
    "table_b": TABLES,
    "glue_workflow_schedule": SCHEDULES,
    "medallion_schedule": SCHEDULES,
    "input_prefix": ["raw/taxi", "/raw/taxi/", "", "/"],
    "input_min_bytes": [0, -1, 1.5, 10737418240, 10737418241],
    "input_max_bytes": [1000.5],
    "upload_trigger": ["sqs", "S3", ""],
    "crawler_max_checks": [0, 1001, -1, 1.5],
    "notification_emails": [["oncall"], ["a@example.com", "b"], [""]],
    "log_retention_days": [0, 2, 31, 10000],
    "alarm_max_drop_percent": [0, 101, -5],
    "kms_key_arn": ["alias/key", "1234abcd", "arn:aws:s3:::bucket", ""],
    "tags": [{f"tag{number}": "x" for number in range(8)}],
}
ACCEPTED = {
    "endpoint_url": [None, "http://127.0.0.1:5000", "https://emulator.example.com/"],
    "extractor_image": ["idextractor:0.2.0", "host:5000/team/idextractor:v1", "idextractor" + DIGEST, "idextractor:0.2.0" + DIGEST],
    "extractor_platform": ["FARGATE", "EC2_SPOT"],
    "table_a": ["glue://datalake/eligible", "s3://bucket/prefix/", "s3://bucket/a/b/"],
    "glue_workflow_schedule": ["cron(0 */1 * * ? *)", "cron(0,15,30,45 * * * ? *)", "cron(0 8 ? * MON-FRI *)"],
    "medallion_schedule": [None, "cron(0 7 * * ? *)"],
    "input_prefix": ["a/", "raw/taxi/"],
    "input_min_bytes": [1, 10737418239],
    "upload_trigger": ["s3", "eventbridge"],
    "crawler_max_checks": [1, 1000],
    "notification_emails": [[], ["a@example.com", "b+c@example.com"]],
    "log_retention_days": [1, 30, 365, 3653],
    "alarm_max_drop_percent": [1, 100],
    "kms_key_arn": [None, "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    "security_group_ids": [["sg-1"]],
    "table_buckets": [None, ["tables"]],
    "tags": [{"Project": "other", **{f"tag{number}": "x" for number in range(7)}}],
}
DEFAULTS = {
    "region": "us-east-1", "endpoint_url": None, "security_group_ids": [], "extractor_platform": "FARGATE",
    "table_a": "glue://datalake/eligible", "table_b": "glue://datalake/accounts", "table_buckets": None, "raw_bucket_name": None,
    "bronze_bucket_name": "datalake-pipeline-bronze-dev", "silver_bucket_name": "datalake-pipeline-silver-dev",
    "gold_bucket_name": "datalake-pipeline-gold-dev", "ids_bucket_name": "datalake-pipeline-ids-dev",
    "scripts_bucket_name": "datalake-pipeline-scripts-dev", "glue_workflow_schedule": "cron(0 */1 * * ? *)", "medallion_schedule": None,
    "input_prefix": "raw/taxi/", "input_min_bytes": 100, "input_max_bytes": 10737418240, "upload_trigger": "s3",
    "enable_orchestration": True, "enable_extraction": False, "crawler_max_checks": 60, "notification_emails": [],
    "log_retention_days": 30, "alarm_max_drop_percent": 30, "kms_key_arn": None, "force_destroy": False, "tags": {},
    "manage_glue_log_groups": False,
}
# Module -> what its required variables are set to, variable -> values that are refused.
MODULES = {
    "glue_workflow": ({"jobs": {"bronze": "b"}}, {
        "jobs": [{}, {"bronze": "b", "platinum": "p"}],
        "order": [["bronze", "silver", "bronze"]],
        "schedule": SCHEDULES,
        "max_concurrent_runs": [0, 1.5],
        "alert_topic_arn": ["topic", "arn:aws:sqs:us-east-1:123456789012:queue"],
        "start_role_name": ["a b", ""],
        "workflow_name": ["", "a b"],
    }),
    "extractor": (
        {
            "image": "idextractor:0.2.0", "vpc_id": "vpc-1", "subnet_ids": ["s"], "table_a": "glue://a/b", "table_b": "glue://a/c",
            "table_buckets": [], "ids_bucket": "ids",
        },
        {
            "image": ["idextractor", "idextractor:latest"], "platform": ["EC2"], "subnet_ids": [[]], "table_a": TABLES[:2],
            "max_vcpus": [1], "output_prefix": ["/ids/", "ids"],
        },
    ),
    "bucket": ({"name": "bucket"}, {"name": ["A", "a_b"], "expire_prefixes": [{"stage": 1}, {"stage/": 0}], "noncurrent_days": [0]}),
    "catalog": ({"databases": {"db": ""}}, {
        "databases": [{"DB": ""}],
        "crawlers": [
            {"c": {"database": "other", "bucket": "b", "prefix": "p/"}}, {"c": {"database": "db", "bucket": "b", "prefix": "p"}},
        ],
    }),
    "glue_job": ({"name": "job", "scripts_bucket": "scripts", "script_key": "jobs/a.py"}, {
        "engine": ["ray"], "script_key": ["/jobs/a.py", "jobs/a"], "arguments": [{"name": "value"}], "workers": [1],
        "timeout_minutes": [0], "max_retries": [11],
        "statements": [[{"sid": "All", "actions": ["s3:*"], "resources": ["arn:aws:s3:::b"]}]],
    }),
    "observability": ({}, {"notification_emails": [["oncall"]], "alarm_max_drop_percent": [0, 101]}),
}


class Variables:
    """The variable blocks of a folder, and plans of them alone."""

    def __init__(self, folder):
        self._folder = tempfile.TemporaryDirectory(prefix="pipeline-variables-")
        self.path = pathlib.Path(self._folder.name)
        shutil.copy(CONFIGURATION / folder / "variables.tf", self.path)
        text = (self.path / "variables.tf").read_text(encoding="utf-8")
        self.names = re.findall(r'^variable "(\w+)"', text, re.MULTILINE)
        values = "".join(f"    {name} = var.{name}\n" for name in self.names)
        (self.path / "outputs.tf").write_text('output "all" {\n  value = {\n' + values + "  }\n}\n", encoding="utf-8")

    def close(self):
        self._folder.cleanup()

    def change(self, old, new):
        """Replaces a text in the variable blocks, for planted defects."""
        path = self.path / "variables.tf"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"variables.tf does not contain {old!r}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def reads_others(self, name):
        """The variable's block names another variable."""
        text = (self.path / "variables.tf").read_text(encoding="utf-8")
        (block,) = re.findall(rf'^variable "{name}" \{{$(.*?)^\}}$', text, re.MULTILINE | re.DOTALL)
        return set(re.findall(r"\bvar\.(\w+)", block)) > {name}

    def plan(self, **values):
        """Exit code and output of a plan with these values."""
        with tempfile.NamedTemporaryFile("w", suffix=".tfvars.json", dir=self.path) as file:
            json.dump(values, file)
            file.flush()
            return self._run("plan", "-input=false", "-no-color", "-lock=false", f"-var-file={file.name}")

    def plan_all(self, cases):
        """A plan of each case: its status, as `terraform test` names it, and what it complains about as (summary, detail) pairs."""
        folder = self.path / "tests"
        folder.mkdir()
        names = [f"tests/{number}.tftest.json" for number in range(len(cases))]
        for name, values in zip(names, cases):
            (self.path / name).write_text(json.dumps({"run": {"case": {"command": "plan", "variables": values}}}), encoding="utf-8")
        _, output = self._run("test", "-json")
        shutil.rmtree(folder)
        statuses, complaints = {}, {name: [] for name in names}
        for message in map(json.loads, output.splitlines()):
            if message.get("test_run", {}).get("progress") == "complete":
                statuses[message["@testfile"]] = message["test_run"]["status"]
            elif message["type"] == "diagnostic":
                found = message["diagnostic"]
                complaints[message["@testfile"]].append((found["summary"], found["detail"]))
        return [(statuses.get(name), complaints[name]) for name in names]

    def _run(self, *command):
        command = ["terraform", f"-chdir={self.path}", *command]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=environment())
        return done.returncode, done.stdout


def rounds(table):
    """From variable -> values: the first value of each variable, the second of each that has two, and so on."""
    most = max(map(len, table.values()), default=0)
    return [{name: values[index] for name, values in table.items() if index < len(values)} for index in range(most)]


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("TF_")} | {"CHECKPOINT_DISABLE": "1"}


def differences(variables, base, refused, accepted):
    """Plans every value and returns what is not as expected. A plan has a value of each variable: Terraform refuses each for itself."""
    # What is compared with another variable is not checked where that one is refused.
    alone = {name: refused[name] for name in refused if variables.reads_others(name)}
    together = rounds({name: values for name, values in refused.items() if name not in alone})
    cases = [({name: value}, "error") for name, values in alone.items() for value in values]
    cases += [(values, "error") for values in together] + [(values, "pass") for values in rounds(accepted)]
    found = []
    for (values, expected), (status, complaints) in zip(cases, variables.plan_all([{**base, **values} for values, _ in cases])):
        if status != expected:
            found.append(f"{values}: expected {expected}, found {status} with {complaints}")
        told = [detail for summary, detail in complaints if summary == "Invalid value for variable"]
        for name in values if expected == "error" else ():
            if not any(re.search(rf"\b{name} accepts", detail) for detail in told):
                found.append(f"{name}: {values[name]!r} is not refused by a message on what {name} accepts: {complaints}")
    return found


@needs("terraform")
class Refusals(unittest.TestCase):
    def examine(self, variables, base, refused, accepted):
        self.assertEqual([], differences(variables, base, refused, accepted))

    def variables(self, folder):
        variables = Variables(folder)
        self.addCleanup(variables.close)
        return variables

    def test_dev(self):
        self.examine(self.variables("environments/dev"), REQUIRED, REFUSED, ACCEPTED)

    def test_dev_has_the_variables_and_defaults_of_the_contract(self):
        variables = self.variables("environments/dev")
        self.assertEqual(DEFAULTS.keys() | REQUIRED.keys(), set(variables.names))
        (variables.path / "outputs.tf").write_text(
            'output "all" {\n  value = jsonencode({\n' + "".join(f"    {name} = var.{name}\n" for name in DEFAULTS) + "  })\n}\n",
            encoding="utf-8"
        )
        code, output = variables.plan(**REQUIRED)
        self.assertEqual(0, code, output)
        (text,) = re.findall(r'\+ all = jsonencode\(\n?(.*)\)\s*$|\+ all += (.*)$', output, re.DOTALL)
        found = {name: value for name, value in re.findall(r"^\s+\+? ?(\w+)\s+= (.*)$", "".join(text), re.MULTILINE)}
        for name, value in DEFAULTS.items():
            with self.subTest(name):
                self.assertEqual(json.dumps(value), found.get(name))

    def test_dev_requires_its_network_and_its_image(self):
        variables = self.variables("environments/dev")
        for name in REQUIRED:
            code, output = variables.plan(**{key: value for key, value in REQUIRED.items() if key != name})
            with self.subTest(name):
                self.assertEqual(1, code)
                self.assertIn(f'variable "{name}" is not set', output)

    def test_prod_differs_from_dev_in_what_it_states(self):
        dev, prod = ((CONFIGURATION / "environments" / name / "variables.tf").read_text(encoding="utf-8") for name in ("dev", "prod"))
        blocks = [
            dict(re.findall(r'^variable "(\w+)" \{$(.*?)^\}$', text, re.MULTILINE | re.DOTALL))
            for text in (dev.replace("-dev", "-prod"), prod)
        ]
        differing = {name for name in blocks[0].keys() | blocks[1].keys() if blocks[0].get(name) != blocks[1].get(name)}
        self.assertEqual({"extractor_platform", "log_retention_days", "force_destroy"}, differing)
        self.examine(
            self.variables("environments/prod"),
            REQUIRED,
            {"extractor_platform": ["EC2", ""]},
            {"extractor_platform": ["FARGATE_SPOT", "FARGATE", "EC2_SPOT"]},
        )

    def test_modules(self):
        for name, (base, refused) in MODULES.items():
            with self.subTest(name):
                self.examine(self.variables(f"modules/{name}"), base, refused, {})

    def test_planted_defects_are_found(self):
        condition = 'contains(["s3", "eventbridge"], var.upload_trigger)'
        for old, new, pattern in (
            ("upload_trigger accepts", "accepted are", "upload_trigger: 'sqs' is not refused by a message"),
            (condition, "var.upload_trigger != null", "'upload_trigger': 'sqs'.*expected error, found pass"),
            (condition, 'var.upload_trigger == "s3"', "'upload_trigger': 'eventbridge'.*expected pass, found error"),
        ):
            with self.subTest(new):
                variables = self.variables("environments/dev")
                variables.change(old, new)
                found = differences(variables, REQUIRED, {"upload_trigger": ["sqs"]}, {"upload_trigger": ["eventbridge"]})
                self.assertRegex(" | ".join(found), pattern)

    def test_refusal_of_a_stage_names_it(self):
        code, output = self.variables("modules/glue_workflow").plan(jobs={"bronze": "b", "platinum": "p"})
        self.assertEqual(1, code)
        self.assertIn("not in order: platinum", " ".join(output.split()))


if __name__ == "__main__":
    unittest.main()
