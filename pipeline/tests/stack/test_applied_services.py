"""Batch, functions, state machine, trigger, alarms and alerts of the applied environment."""
# needs: moto, terraform, provider
import json
import unittest

from support import policies
from support.job_definition import differences, expected
from support.names import ACCOUNT, GOLD_JOB, RAW, SHELL_JOB, SILVER_CRAWLER, SILVER_JOB, TAXI_JOB, TOPIC
from support.requirements import needs
from support.stack import applied

# Alarm -> namespace, metric, dimensions, statistic, comparison, threshold, period, periods, missing data.
STATES = {"StateMachineArn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:etl-pipeline-workflow"}
EXTRACT, AT_LEAST, ABOVE = {"Command": "extract"}, "GreaterThanOrEqualToThreshold", "GreaterThanThreshold"
ALARMS = {
    "etl-pipeline-workflow-ExecutionsFailed": ("AWS/States", "ExecutionsFailed", STATES, "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "etl-pipeline-workflow-ExecutionThrottled": ("AWS/States", "ExecutionThrottled", STATES, "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "etl-pipeline-workflow-ExecutionTime": ("AWS/States", "ExecutionTime", STATES, "Maximum", ABOVE, 3600000, 300, 1, "notBreaching"),
    "etl-pipeline-workflow-ExecutionsTimedOut": ("AWS/States", "ExecutionsTimedOut", STATES, "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "etl-orchestrator-dlq": (
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "etl-orchestrator-dlq"}, "Maximum", AT_LEAST, 1, 300, 1,
        "notBreaching",
    ),
    "idextractor-Failed": ("IdExtractor", "Failed", EXTRACT, "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "idextractor-NoSuccess": ("IdExtractor", "Succeeded", EXTRACT, "Sum", "LessThanThreshold", 1, 3600, 26, "breaching"),
    "idextractor-IdCountDrop": ("IdExtractor", "DropPercent", EXTRACT, "Maximum", ABOVE, 30, 300, 1, "notBreaching"),
    "idextractor-Duration": ("IdExtractor", "Duration", EXTRACT, "Maximum", ABOVE, 720, 300, 1, "notBreaching"),
}


@needs("terraform", "provider", "moto")
class Compute(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = applied()
        cls.client = cls.stack.emulator.client

    def test_batch_queue_and_environment(self):
        batch = self.client("batch")
        (queue,) = batch.describe_job_queues()["jobQueues"]
        (environment,) = batch.describe_compute_environments()["computeEnvironments"]
        self.assertEqual(
            ("idextractor", self.stack.outputs["job_queue_arn"], "ENABLED"), (queue["jobQueueName"], queue["jobQueueArn"], queue["state"]),
        )
        self.assertEqual(
            [environment["computeEnvironmentArn"]], [order["computeEnvironment"] for order in queue["computeEnvironmentOrder"]],
        )
        self.assertRegex(environment["computeEnvironmentName"], "^idextractor-.+")
        self.assertEqual("FARGATE", environment["computeResources"]["type"])
        self.assertEqual(self.stack.variables["subnet_ids"], environment["computeResources"]["subnets"])

    def test_job_definition_is_the_document(self):
        (definition,) = self.client("batch").describe_job_definitions(status="ACTIVE")["jobDefinitions"]
        wanted = expected("fargate", "dev")
        self.assertEqual([], differences({name: definition[name] for name in wanted}, wanted))
        self.assertEqual(f"arn:aws:batch:us-east-1:{ACCOUNT}:job-definition/idextractor", self.stack.outputs["job_definition_arn"])

    def test_security_group_lets_out_port_443_only(self):
        vpc = [{"Name": "vpc-id", "Values": [self.stack.variables["vpc_id"]]}]
        groups = self.client("ec2").describe_security_groups(Filters=vpc)["SecurityGroups"]
        (group,) = [group for group in groups if group["GroupName"].startswith("idextractor-")]
        self.assertEqual([], group["IpPermissions"])
        self.assertEqual(
            [("tcp", 443, 443)], [(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissionsEgress"]],
        )

    def test_functions(self):
        functions = self.client("lambda")
        for name, variables in {
            "etl-orchestrator": {
                "STATE_MACHINE_ARN": self.stack.outputs["state_machine_arn"], "ENABLE_ORCHESTRATION": "true", "INPUT_PREFIX": "raw/taxi/",
                "ENABLE_EXTRACTION": "false",
            },
            "etl-orchestrator-validate-input": {"INPUT_PREFIX": "raw/taxi/", "MIN_BYTES": "100", "MAX_BYTES": "10737418240"},
        }.items():
            with self.subTest(name):
                found = functions.get_function_configuration(FunctionName=name)
                self.assertEqual(
                    ("python3.11", "lambda_function.lambda_handler", 60, 256, "Active", variables, f"arn:aws:iam::{ACCOUNT}:role/{name}"),
                    (
                        found["Runtime"], found["Handler"], found["Timeout"], found["MemorySize"], found["TracingConfig"]["Mode"],
                        found["Environment"]["Variables"], found["Role"],
                    ),
                )
        (created,) = [
            call["body"]
            for call in self.stack.calls_of_apply
            if call["operation"] == "CreateFunction" and call["body"]["FunctionName"] == "etl-orchestrator"
        ]
        self.assertEqual(f"arn:aws:sqs:us-east-1:{ACCOUNT}:etl-orchestrator-dlq", created["DeadLetterConfig"]["TargetArn"])
        self.assertEqual(2, functions.get_function_event_invoke_config(FunctionName="etl-orchestrator")["MaximumRetryAttempts"])

    def test_state_machine(self):
        machine = self.client("stepfunctions").describe_state_machine(stateMachineArn=self.stack.outputs["state_machine_arn"])
        self.assertEqual(
            ("etl-pipeline-workflow", "STANDARD", True), (machine["name"], machine["type"], machine["tracingConfiguration"]["enabled"]),
        )
        logging = machine["loggingConfiguration"]
        self.assertEqual("ALL", logging["level"])
        self.assertIn(
            ":log-group:/aws/vendedlogs/states/etl-pipeline-workflow:*",
            logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"],
        )
        definition = json.loads(machine["definition"])
        self.assertEqual("ValidateInput", definition["StartAt"])
        self.assertNotIn("${", machine["definition"])
        extraction = definition["States"]["RunExtraction"]["Parameters"]
        self.assertEqual(
            (self.stack.outputs["job_queue_arn"], self.stack.outputs["job_definition_arn"]),
            (extraction["JobQueue"], extraction["JobDefinition"]),
        )

    def test_upload_trigger(self):
        configuration = self.client("s3").get_bucket_notification_configuration(Bucket=RAW)
        (rule,) = configuration["LambdaFunctionConfigurations"]
        self.assertEqual(["s3:ObjectCreated:*"], rule["Events"])
        self.assertEqual(
            [{"Name": "Prefix", "Value": "raw/taxi/"}], [{**r, "Name": r["Name"].title()} for r in rule["Filter"]["Key"]["FilterRules"]],
        )
        self.assertTrue(rule["LambdaFunctionArn"].endswith(":function:etl-orchestrator"))
        (statement,) = json.loads(self.client("lambda").get_policy(FunctionName="etl-orchestrator")["Policy"])["Statement"]
        self.assertEqual(("lambda:InvokeFunction", {"Service": "s3.amazonaws.com"}), (statement["Action"], statement["Principal"]))
        condition = json.dumps(statement["Condition"])
        self.assertIn(f'"arn:aws:s3:::{RAW}"', condition)
        self.assertIn(f'"{ACCOUNT}"', condition)


@needs("terraform", "provider", "moto")
class Observability(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = applied()
        cls.client = cls.stack.emulator.client

    def test_alarms(self):
        found = {
            alarm["AlarmName"]: (
                alarm["Namespace"], alarm["MetricName"], {d["Name"]: d["Value"] for d in alarm["Dimensions"]}, alarm["Statistic"],
                alarm["ComparisonOperator"],
                alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"],
            )
            for alarm in self.client("cloudwatch").describe_alarms()["MetricAlarms"]
        }
        self.assertEqual(ALARMS, found)
        self.assertEqual(set(ALARMS), set(self.stack.outputs["alarm_names"]))
        for alarm in self.client("cloudwatch").describe_alarms()["MetricAlarms"]:
            self.assertEqual([TOPIC], alarm["AlarmActions"])
            self.assertEqual(alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"])
            self.assertIn("docs/runbook.md", alarm["AlarmDescription"])

    def test_topic_and_its_subscription(self):
        sns = self.client("sns")
        policy = json.loads(sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"])
        self.assertEqual([], policies.check_topic(policy, ACCOUNT))
        self.assertEqual(
            ["oncall@example.com"], [s["Endpoint"] for s in sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]],
        )

    def test_alerts_of_runs_that_end_badly(self):
        events = self.client("events")
        patterns = {rule["Name"]: json.loads(rule["EventPattern"]) for rule in events.list_rules()["Rules"]}
        self.assertEqual(
            {
                "metriccare_etl_workflow-job-alerts": {
                    "source": ["aws.glue"], "detail-type": ["Glue Job State Change"],
                    "detail": {"jobName": sorted([TAXI_JOB, SILVER_JOB, GOLD_JOB, SHELL_JOB]), "state": ["FAILED", "TIMEOUT", "STOPPED"]},
                },
                "etl-pipeline-notifications-crawler-alerts": {
                    "source": ["aws.glue"], "detail-type": ["Glue Crawler State Change"],
                    "detail": {"crawlerName": [SILVER_CRAWLER, "crawler-gold-data"], "state": ["Failed"]},
                },
            },
            patterns,
        )
        for rule in patterns:
            (target,) = events.list_targets_by_rule(Rule=rule)["Targets"]
            self.assertEqual(TOPIC, target["Arn"])
            # The message is JSON once EventBridge has put its values in.
            message = json.loads(
                target["InputTransformer"]["InputTemplate"].replace(": <", ': "<').replace(">,", '>",').replace(">\n", '>"\n')
            )
            self.assertEqual("FAILED", message["status"])

    def test_dashboard_shows_every_alarm_and_the_extractor_s_metrics(self):
        body = json.loads(self.client("cloudwatch").get_dashboard(DashboardName="idextractor-pipeline-dev")["DashboardBody"])
        alarms = [
            name.rpartition(":alarm:")[2]
            for widget in body["widgets"]
            if widget["type"] == "alarm"
            for name in widget["properties"]["alarms"]
        ]
        self.assertEqual(set(ALARMS), set(alarms))
        metrics = {metric[1] for widget in body["widgets"] if widget["type"] == "metric" for metric in widget["properties"]["metrics"]}
        self.assertLessEqual(
            {"Succeeded", "Failed", "Duration", "DropPercent", "DistinctIds", "RowsScanned", "ExecutionsFailed"}, metrics,
        )

    def test_every_log_group_has_a_retention(self):
        groups = {group["logGroupName"]: group.get("retentionInDays") for group in self.client("logs").describe_log_groups()["logGroups"]}
        wanted = {
            "/aws/batch/idextractor", "/aws/lambda/etl-orchestrator", "/aws/lambda/etl-orchestrator-validate-input",
            "/aws/vendedlogs/states/etl-pipeline-workflow",
        }
        # Where a Spark job of Glue 5.0 writes.
        for job in (TAXI_JOB, SILVER_JOB, GOLD_JOB):
            prefix = self.client("glue").get_job(JobName=job)["Job"]["DefaultArguments"]["--custom-logGroup-prefix"]
            wanted |= {f"{prefix}/error", f"{prefix}/output"}
        self.assertEqual(10, len(wanted))
        self.assertLessEqual(wanted, set(groups))
        self.assertEqual({30}, set(groups.values()), groups)


if __name__ == "__main__":
    unittest.main()
