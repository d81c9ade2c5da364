"""The environments as they are planned: EC2_SPOT, EventBridge and KMS in dev; prod; a plan without packages."""
# needs: moto, terraform, provider
import concurrent.futures
import contextlib
import json
import re
import shutil
import unittest

from support import policies
from support.emulator import ROOT, Emulator
from support.names import ACCOUNT
from support.requirements import needs
from support.stack import IMAGE, build_packages, network
from support.terraform import Terraform, only, resources

README = ROOT / "README.md"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DEV = {
    "extractor_platform": "EC2_SPOT", "upload_trigger": "eventbridge", "kms_key_arn": KEY, "enable_extraction": True,
    "table_a": "s3://people/eligible/", "table_b": "glue://lake/accounts", "table_buckets": ["lake-tables"], "security_group_ids": ["sg-1"],
    "crawler_max_checks": 7, "medallion_schedule": "cron(0 7 * * ? *)", "tags": {"Owner": "data", "Project": "other"},
    "manage_glue_log_groups": True,
}
GROUPS = {
    "/aws/batch/idextractor", "/aws/lambda/etl-orchestrator", "/aws/lambda/etl-orchestrator-validate-input",
    "/aws/vendedlogs/states/etl-pipeline-workflow",
}
GLUE_GROUPS = {"/aws-glue/crawlers", "/aws-glue/python-jobs/error", "/aws-glue/python-jobs/output"}

# Member of a retry rule in the document -> attribute in the plan.
RULE_MEMBERS = {"onStatusReason": "on_status_reason", "onReason": "on_reason", "onExitCode": "on_exit_code", "action": "action"}


@needs("terraform", "provider", "moto")
class Plans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as stack:
            emulator = stack.enter_context(Emulator())
            build_packages()
            base = network(emulator) | {"endpoint_url": emulator.endpoint, "extractor_image": IMAGE}

            def plan(name, variables):
                # Each environment configures a provider of its own.
                terraform = Terraform()
                cls.addClassCleanup(terraform.close)
                # prod is planned as on AWS, without endpoint_url: the provider finds the emulator by these variables.
                terraform.set(**{name: value for name, value in emulator.environment().items() if name.startswith("AWS_")})
                terraform.init(f"environments/{name}")
                terraform.share_provider(f"environments/{name}")
                return terraform, terraform.plan(f"environments/{name}", base | variables)

            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                (terraform, cls.dev), (_, cls.prod) = pool.map(plan, ("dev", "prod"), (DEV, {"endpoint_url": None}))
            shutil.rmtree(terraform.root / "pipeline" / "build")
            cls.without_packages = terraform.run("environments/dev", "plan", "-input=false", "-no-color", "-var-file=plan.tfvars.json")

    def named(self, plan, kind, attribute="name"):
        return {values[attribute]: values for values in resources(plan, kind).values()}

    def role_policies(self, plan):
        roles = resources(plan, "aws_iam_role")
        found = {}
        for address, values in resources(plan, "aws_iam_role_policy").items():
            # A policy has the address of its role, but for the type.
            role = roles[address.replace("aws_iam_role_policy", "aws_iam_role")]["name"]
            found.setdefault(role, []).append(json.loads(values["policy"]))
        return found

    def test_plan_without_packages_is_refused_with_the_command(self):
        code, output = self.without_packages
        self.assertEqual(1, code)
        text = " ".join(output.replace("│", " ").split())
        for name in ("etl_orchestrator.zip", "validate_input.zip"):
            self.assertIn(f"{name} is missing. Build the packages: python3 pipeline/tools/package.py", text)

    def test_policies_of_both_plans_keep_the_rules(self):
        for name, plan in (("dev", self.dev), ("prod", self.prod)):
            for role, held in self.role_policies(plan).items():
                with self.subTest(environment=name, role=role):
                    self.assertEqual([], [violation for policy in held for violation in policies.check_policy(policy)])
            for role, values in self.named(plan, "aws_iam_role").items():
                with self.subTest(environment=name, role=role):
                    self.assertEqual([], policies.check_trust(json.loads(values["assume_role_policy"])))
            self.assertEqual([], policies.check_topic(json.loads(only(plan, "aws_sns_topic_policy")["policy"]), ACCOUNT))
            writers = policies.writers(self.role_policies(plan), f"datalake-pipeline-ids-{name}", "ids/active/latest.txt.gz")
            self.assertEqual({"idextractor-job"}, writers)

    # EC2_SPOT

    def test_ec2_spot_runs_nothing_while_idle(self):
        environment = only(self.dev, "aws_batch_compute_environment")
        (compute,) = environment["compute_resources"]
        self.assertEqual(("SPOT", 0, ["sg-1"]), (compute["type"], compute["min_vcpus"], compute["security_group_ids"]))
        self.assertEqual("idextractor-", environment["compute_environment_name_prefix"])
        self.assertEqual("idextractor", compute["tags"]["Project"])
        self.assertEqual({}, resources(self.dev, "aws_security_group"))
        attached = {values["role"]: values["policy_arn"] for values in resources(self.dev, "aws_iam_role_policy_attachment").values()}
        self.assertEqual({"idextractor-batch-service", "idextractor-execution", "idextractor-instance"}, set(attached))
        for role, arn in attached.items():
            self.assertEqual([], policies.check_managed(role, [arn]))

    def test_ec2_spot_uses_the_definition_for_spot(self):
        self.assertEqual([], self.definition_differences(self.dev, "spot", "dev"))

    def definition_differences(self, plan, document, environment):
        from support.job_definition import differences, expected

        values = only(plan, "aws_batch_job_definition")
        planned = {
            "jobDefinitionName": values["name"], "type": values["type"], "platformCapabilities": values["platform_capabilities"],
            "parameters": values["parameters"], "propagateTags": values["propagate_tags"],
            "containerProperties": json.loads(values["container_properties"]),
            "timeout": {"attemptDurationSeconds": values["timeout"][0]["attempt_duration_seconds"]},
            "retryStrategy": {
                "attempts": values["retry_strategy"][0]["attempts"],
                "evaluateOnExit": [
                    {key: rule[name] for key, name in RULE_MEMBERS.items() if rule[name]}
                    for rule in values["retry_strategy"][0]["evaluate_on_exit"]
                ],
            },
        }
        return differences(planned, expected(document, environment, parameters=values["parameters"]))

    def test_extractor_reads_its_table_buckets_and_no_others(self):
        (policy,) = self.role_policies(self.dev)["idextractor-job"]
        statements = {statement["Sid"]: statement for statement in policy["Statement"]}
        self.assertEqual(["arn:aws:s3:::lake-tables/*", "arn:aws:s3:::people/*"], statements["ReadTables"]["Resource"])
        self.assertEqual(
            ["arn:aws:s3:::lake-tables", "arn:aws:s3:::people", "arn:aws:s3:::datalake-pipeline-ids-dev"],
            statements["ListPartitionsAndOutput"]["Resource"],
        )
        catalog = f"arn:aws:glue:us-east-1:{ACCOUNT}"
        self.assertEqual(
            [f"{catalog}:catalog", f"{catalog}:database/lake", f"{catalog}:table/lake/accounts"], statements["FindTables"]["Resource"]
        )

    def test_extractor_has_the_policy_of_the_readme(self):
        section = README.read_text(encoding="utf-8").partition("permissions of a run")[2]
        (text,) = re.findall(r"^```json\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
        silver, ids = "datalake-pipeline-silver-prod", "datalake-pipeline-ids-prod"
        names = {"sa-east-1": "us-east-1", "my_database": "datalake", "my-tables": silver, "my-ids/daily/": f"{ids}/ids/", "my-ids": ids}
        for old, new in names.items():
            text = text.replace(old, new)
        wanted = json.loads(text)["Statement"]
        # The document has one pattern for all tables of the database.
        wanted[0]["Resource"][2:] = [f"arn:aws:glue:us-east-1:{ACCOUNT}:table/datalake/{name}" for name in ("eligible", "accounts")]
        (policy,) = self.role_policies(self.prod)["idextractor-job"]
        listed = [
            [{**statement, "Resource": policies.as_list(statement["Resource"])} for statement in statements]
            for statements in (wanted, policy["Statement"])
        ]
        self.assertEqual(*listed)

    # EventBridge

    def test_eventbridge_leaves_the_bucket_s_notifications_alone(self):
        self.assertEqual({}, resources(self.dev, "aws_s3_bucket_notification"))
        rule = self.named(self.dev, "aws_cloudwatch_event_rule")["etl-orchestrator-uploads"]
        self.assertEqual(
            {
                "source": ["aws.s3"], "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": [f"{ACCOUNT}-oubt-datalake"]}, "object": {"key": [{"prefix": "raw/taxi/"}]}},
            },
            json.loads(rule["event_pattern"]),
        )
        permission = only(self.dev, "aws_lambda_permission")
        self.assertEqual(
            ("events.amazonaws.com", f"arn:aws:events:us-east-1:{ACCOUNT}:rule/etl-orchestrator-uploads"),
            (permission["principal"], permission["source_arn"]),
        )

    # KMS

    def test_key_encrypts_buckets_topic_queue_and_log_groups(self):
        encryption = resources(self.dev, "aws_s3_bucket_server_side_encryption_configuration").values()
        defaults = [rule["apply_server_side_encryption_by_default"][0] for values in encryption for rule in values["rule"]]
        self.assertEqual([("aws:kms", KEY)] * 6, [(default["sse_algorithm"], default["kms_master_key_id"]) for default in defaults])
        self.assertEqual(KEY, only(self.dev, "aws_sns_topic")["kms_master_key_id"])
        self.assertEqual(KEY, only(self.dev, "aws_sqs_queue")["kms_master_key_id"])
        for name, values in self.named(self.dev, "aws_cloudwatch_log_group").items():
            self.assertEqual(KEY, values["kms_key_id"], name)

    def test_every_role_of_the_pipeline_may_use_the_key(self):
        for role, held in self.role_policies(self.dev).items():
            with self.subTest(role):
                self.assertTrue(any(policies.allows(policy, {"kms:Decrypt"}, KEY) for policy in held))

    def test_without_a_key_nobody_may_use_one(self):
        statements = [s for held in self.role_policies(self.prod).values() for policy in held for s in policy["Statement"]]
        actions = [action for statement in statements for action in policies.as_list(statement["Action"])]
        self.assertEqual([], [action for action in actions if action.startswith("kms:")])

    # TLS

    def test_buckets_are_tls_only_except_on_an_emulator(self):
        buckets = set(self.named(self.prod, "aws_s3_bucket", "bucket"))
        denied = {}
        for values in resources(self.prod, "aws_s3_bucket_policy").values():
            (statement,) = json.loads(values["policy"])["Statement"]
            self.assertEqual(
                ("Deny", "*", "s3:*", {"Bool": {"aws:SecureTransport": "false"}}),
                tuple(statement[name] for name in ("Effect", "Principal", "Action", "Condition")),
            )
            name = statement["Resource"][0].removeprefix("arn:aws:s3:::")
            denied[name] = statement["Resource"][1]
        self.assertEqual({name: f"arn:aws:s3:::{name}/*" for name in buckets}, denied)
        self.assertEqual(6, len(denied))
        self.assertEqual({}, resources(self.dev, "aws_s3_bucket_policy"))

    # Other variables

    def test_variables_reach_their_resources(self):
        start = self.named(self.dev, "aws_glue_trigger")["metriccare_etl_workflow-start-bronze"]
        self.assertEqual(("SCHEDULED", "cron(0 7 * * ? *)", True), (start["type"], start["schedule"], start["enabled"]))
        orchestrator = self.named(self.dev, "aws_lambda_function", "function_name")["etl-orchestrator"]
        self.assertEqual("true", orchestrator["environment"][0]["variables"]["ENABLE_EXTRACTION"])
        self.assertIn('"NumericLessThan": 7 ', only(self.dev, "aws_sfn_state_machine")["definition"])

    def test_every_resource_that_supports_tags_has_them(self):
        for name, plan, expected in (
            ("dev", self.dev, {"Project": "idextractor", "Environment": "dev", "ManagedBy": "terraform", "Owner": "data"}),
            ("prod", self.prod, {"Project": "idextractor", "Environment": "prod", "ManagedBy": "terraform"}),
        ):
            for address, values in resources(plan).items():
                if "tags_all" in values:
                    with self.subTest(environment=name, address=address):
                        self.assertEqual(expected, values["tags_all"])

    # prod

    def test_prod_falls_back_to_fargate_in_the_same_queue(self):
        self.assertEqual(
            {"FARGATE_SPOT", "FARGATE"},
            {values["compute_resources"][0]["type"] for values in resources(self.prod, "aws_batch_compute_environment").values()},
        )
        self.assertEqual([1, 2], [order["order"] for order in only(self.prod, "aws_batch_job_queue")["compute_environment_order"]])

    def test_prod_adds_one_rule_to_the_definition_for_fargate(self):
        rules = only(self.prod, "aws_batch_job_definition")["retry_strategy"][0]["evaluate_on_exit"]
        self.assertEqual(("Your Spot Task was interrupted*", "retry"), (rules[0]["on_status_reason"], rules[0]["action"]))
        self.assertEqual(["evaluateOnExit"], self.definition_differences(self.prod, "fargate", "prod"))

    def test_prod_keeps_logs_longer_and_never_deletes_data(self):
        groups = self.named(self.prod, "aws_cloudwatch_log_group")
        self.assertLessEqual(GROUPS, set(groups))
        self.assertEqual({365}, {values["retention_in_days"] for values in groups.values()})
        self.assertEqual({30}, {values["retention_in_days"] for values in resources(self.dev, "aws_cloudwatch_log_group").values()})
        self.assertEqual({False}, {values["force_destroy"] for values in resources(self.prod, "aws_s3_bucket").values()})

    def test_log_groups_that_the_account_shares_are_managed_only_on_request(self):
        dev, prod = (self.named(plan, "aws_cloudwatch_log_group") for plan in (self.dev, self.prod))
        self.assertLessEqual(GLUE_GROUPS, set(dev))
        self.assertEqual(set(), GLUE_GROUPS & set(prod))

    def test_prod_has_its_own_names(self):
        buckets = set(self.named(self.prod, "aws_s3_bucket", "bucket"))
        expected = {f"datalake-pipeline-{name}-prod" for name in ("bronze", "silver", "gold", "ids", "scripts")}
        self.assertEqual({f"{ACCOUNT}-oubt-datalake"} | expected, buckets)
        self.assertIn("datalake-pipeline-silver-consolidation-prod", self.named(self.prod, "aws_glue_job"))
        self.assertEqual("idextractor-pipeline-prod", only(self.prod, "aws_cloudwatch_dashboard")["dashboard_name"])
        self.assertNotIn("-dev", json.dumps(self.prod["planned_values"]))


if __name__ == "__main__":
    unittest.main()
