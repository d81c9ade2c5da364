"""A destroy leaves nothing. This file is the last of its folder by name, because the others need what it destroys."""
# needs: moto, terraform, provider
import unittest

from support.requirements import needs
from support.stack import FOLDER, applied


@needs("terraform", "provider", "moto")
class Destroyed(unittest.TestCase):
    def test_destroy_leaves_nothing(self):
        stack = applied()
        client = stack.emulator.client
        # moto cannot delete objects with some keys on a forced destroy; the service can.
        for bucket in stack.outputs["buckets"].values():
            empty(client("s3"), bucket)
        stack.destroy()
        self.assertEqual([], stack.terraform.state(FOLDER))
        glue, batch = client("glue"), client("batch")
        left = {
            "buckets": client("s3").list_buckets()["Buckets"],
            "jobs": glue.get_jobs()["Jobs"],
            "crawlers": glue.get_crawlers()["Crawlers"],
            "triggers": glue.list_triggers()["TriggerNames"],
            "workflows": glue.list_workflows()["Workflows"],
            # Table A and Table B are the company's: the Batch chain's test made their database.
            "databases": [database["Name"] for database in glue.get_databases()["DatabaseList"] if database["Name"] != "datalake"],
            "queues": batch.describe_job_queues()["jobQueues"],
            "compute environments": batch.describe_compute_environments()["computeEnvironments"],
            "job definitions": batch.describe_job_definitions(status="ACTIVE")["jobDefinitions"],
            "functions": client("lambda").list_functions()["Functions"],
            "state machines": client("stepfunctions").list_state_machines()["stateMachines"],
            "topics": [topic for topic in client("sns").list_topics()["Topics"] if topic["TopicArn"] == stack.outputs["topic_arn"]],
            "dead-letter queues": [
                url
                for url in client("sqs").list_queues().get("QueueUrls", [])
                if url.endswith("/etl-orchestrator-dlq")
            ],
            "alarms": client("cloudwatch").describe_alarms()["MetricAlarms"],
            "dashboards": client("cloudwatch").list_dashboards()["DashboardEntries"],
            "log groups": [
                group["logGroupName"]
                for group in client("logs").describe_log_groups()["logGroups"]
                if owned(group["logGroupName"])
            ],
            "rules": client("events").list_rules()["Rules"],
            "roles": client("iam").list_roles()["Roles"],
            "security groups": [
                group for group in client("ec2").describe_security_groups()["SecurityGroups"] if group["GroupName"].startswith(
                    "idextractor-"
                )
            ],
        }
        self.assertEqual({}, {name: found for name, found in left.items() if found})


def owned(group):
    """The group is one of the environment's; others are written by what ran in the meantime."""
    return group.startswith(("/aws/lambda/etl-", "/aws/vendedlogs/states/etl-", "/aws/batch/idextractor", "/aws-glue/jobs/"))


def empty(s3, bucket):
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for item in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])


if __name__ == "__main__":
    unittest.main()
