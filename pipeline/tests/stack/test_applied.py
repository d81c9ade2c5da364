"""The environment dev as it is applied: plans, outputs, buckets, permissions."""
# needs: moto, terraform, provider
import json
import unittest
from urllib.parse import unquote

from support import policies
from support.names import (
    ACCOUNT, BUCKETS, IDS, MEDALLION_WORKFLOW, SILVER_CRAWLER, SILVER_JOB, SILVER_WORKFLOW, TAGS, TOPIC,
)
from support.requirements import needs
from support.stack import STARTS, applied

# What a second plan shows on the emulator: type -> the attributes that differ, and why.
ARTEFACTS = {
    ("aws_glue_workflow", "tags_all"): "moto keeps no tags of workflows",
    ("aws_glue_job", "execution_class"): "moto reports an execution class for Python-shell jobs, which have none",
}


@needs("terraform", "provider", "moto")
class Applied(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = applied()
        cls.client = cls.stack.emulator.client

    def test_apply_starts_nothing(self):
        calls = {call["operation"] for call in self.stack.calls_of_apply}
        self.assertEqual(set(), calls & STARTS)
        self.assertIn("CreateTrigger", calls, "the log has the apply's calls")

    def test_second_plan_shows_only_what_the_emulator_gets_wrong(self):
        plan = self.stack.plan()
        found = set()
        for change in plan["resource_changes"]:
            if change["change"]["actions"] != ["no-op"]:
                self.assertEqual(["update"], change["change"]["actions"], change["address"])
                before, after = change["change"]["before"], change["change"]["after"]
                found |= {(change["type"], name) for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        self.assertEqual(set(ARTEFACTS), found)

    def test_compute_environment_is_replaced_before_the_old_one_is_destroyed(self):
        plan = self.stack.plan(replace='module.pipeline.module.extractor.aws_batch_compute_environment.this["FARGATE"]')
        changes = {change["type"]: change["change"]["actions"] for change in plan["resource_changes"]}
        self.assertEqual(["create", "delete"], changes["aws_batch_compute_environment"])
        self.assertEqual(["update"], changes["aws_batch_job_queue"])

    def test_outputs(self):
        outputs = self.stack.outputs
        self.assertEqual(
            {
                "glue_workflow_name", "glue_workflow_arn", "workflow_summary", "medallion_workflow_name", "medallion_workflow_arn",
                "medallion_trigger_arns",
                "state_machine_arn", "orchestrator_function_name", "validate_function_name", "topic_arn", "dlq_url", "job_queue_arn",
                "job_definition_arn",
                "dashboard_name", "alarm_names", "buckets",
            },
            set(outputs),
        )
        self.assertEqual(
            {
                "workflow_name": SILVER_WORKFLOW, "job_name": SILVER_JOB, "crawler_name": SILVER_CRAWLER,
                "trigger_schedule": "cron(0 */1 * * ? *)",
                "flow": "Scheduled Trigger → Job ETL → (if SUCCEEDED) → Crawler → Athena Updated",
                "latency_reduction": "Near-zero latency (automatic crawler execution after job success)",
            },
            outputs["workflow_summary"],
        )
        self.assertEqual(f"arn:aws:glue:us-east-1:{ACCOUNT}:workflow/{SILVER_WORKFLOW}", outputs["glue_workflow_arn"])
        self.assertEqual((MEDALLION_WORKFLOW, 4), (outputs["medallion_workflow_name"], len(outputs["medallion_trigger_arns"])))
        self.assertTrue(outputs["medallion_trigger_arns"][0].endswith("start-bronze"))
        self.assertTrue(outputs["dlq_url"].endswith("/etl-orchestrator-dlq"))
        self.assertEqual(TOPIC, outputs["topic_arn"])

    def test_buckets(self):
        s3 = self.client("s3")
        self.assertEqual(BUCKETS, self.stack.outputs["buckets"])
        for name in BUCKETS.values():
            with self.subTest(name):
                self.assertEqual("Enabled", s3.get_bucket_versioning(Bucket=name)["Status"])
                (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
                self.assertEqual("AES256", rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])
                self.assertEqual({True}, set(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()))
                rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]}
                self.assertEqual(3, rules["remove-leftovers"]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
                self.assertEqual({"remove-leftovers"} | ({"expire-ids-stage"} if name == IDS else set()), set(rules))
                self.assertEqual(TAGS, {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]})
        rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=IDS)["Rules"]}
        self.assertEqual(
            ("ids/stage/", 30), (rules["expire-ids-stage"]["Filter"]["Prefix"], rules["expire-ids-stage"]["Expiration"]["Days"]),
        )

    def role_policies(self):
        iam = self.client("iam")
        roles = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
        return {
            role: [
                decode(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
                for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            ]
            for role in roles
        }

    def test_policies_keep_the_rules(self):
        iam = self.client("iam")
        for role, held in self.role_policies().items():
            with self.subTest(role):
                self.assertEqual([], [violation for policy in held for violation in policies.check_policy(policy)])
                self.assertEqual([], policies.check_trust(decode(iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])))
                attached = [policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
                self.assertEqual([], policies.check_managed(role, attached))

    def test_only_the_extractor_may_write_what_is_published(self):
        self.assertEqual({"idextractor-job"}, policies.writers(self.role_policies(), IDS, "ids/active/latest.txt.gz"))

    def test_one_role_for_each_job_function_state_machine_and_step(self):
        glue, functions = self.client("glue"), self.client("lambda")
        users = [job["Role"] for job in glue.get_jobs()["Jobs"]] + [crawler["Role"] for crawler in glue.get_crawlers()["Crawlers"]]
        users += [function["Role"] for function in functions.list_functions()["Functions"]]
        users += [self.client("stepfunctions").describe_state_machine(stateMachineArn=self.stack.outputs["state_machine_arn"])["roleArn"]]
        (definition,) = self.client("batch").describe_job_definitions(status="ACTIVE")["jobDefinitions"]
        users += [definition["containerProperties"][name] for name in ("jobRoleArn", "executionRoleArn")]
        names = [user.rpartition("/")[2] for user in users]
        self.assertEqual(4 + 3 + 2 + 1 + 2, len(set(names)), names)


def decode(document):
    return document if isinstance(document, dict) else json.loads(unquote(document))


if __name__ == "__main__":
    unittest.main()
