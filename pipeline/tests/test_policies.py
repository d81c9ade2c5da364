"""The rules for IAM policies find what they are for: one planted defect for each."""
import unittest

from support import policies


def statement(**changes):
    return {"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/key", **changes}


def policy(**changes):
    return {"Version": "2012-10-17", "Statement": [statement(**changes)]}


class Statements(unittest.TestCase):
    def violations(self, **changes):
        return " | ".join(policies.check_policy(policy(**changes)))

    def test_named_actions_on_named_resources_are_fine(self):
        self.assertEqual("", self.violations())

    def test_wildcard_in_an_action(self):
        for action in ("s3:*", "*", "s3:Get*", ["s3:GetObject", "kms:GenerateDataKey*"]):
            with self.subTest(action):
                self.assertIn("'*' in the action", self.violations(Action=action))

    def test_every_resource(self):
        self.assertIn("s3:GetObject on every resource", self.violations(Resource="*"))
        self.assertIn("s3:GetObject on every resource", self.violations(Resource=["arn:aws:s3:::bucket/key", "*"]))
        self.assertIn("arn:aws:s3:::* names no bucket", self.violations(Resource="arn:aws:s3:::*"))

    def test_action_that_supports_resources_beside_one_that_does_not(self):
        self.assertEqual("", self.violations(Action=["batch:DescribeJobs", "batch:ListJobs"], Resource="*"))
        self.assertEqual(
            "One: batch:SubmitJob on every resource", self.violations(Action=["batch:DescribeJobs", "batch:SubmitJob"], Resource="*"),
        )

    def test_metrics_of_any_namespace(self):
        self.assertIn("without its namespace", self.violations(Action="cloudwatch:PutMetricData", Resource="*"))
        condition = {"StringEquals": {"cloudwatch:namespace": "Glue"}}
        self.assertEqual("", self.violations(Action="cloudwatch:PutMetricData", Resource="*", Condition=condition))

    def test_pass_role(self):
        role, condition = "arn:aws:iam::123456789012:role/r", {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
        self.assertEqual("", self.violations(Action="iam:PassRole", Resource=role, Condition=condition))
        self.assertIn("without a condition", self.violations(Action="iam:PassRole", Resource=role))
        self.assertIn(
            "names no role", self.violations(Action="iam:PassRole", Resource="arn:aws:iam::123456789012:role/*", Condition=condition),
        )

    def test_everything_but(self):
        found = policies.check_policy({"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::b"}]})
        self.assertIn("NotAction", found[0])


class Roles(unittest.TestCase):
    def trust(self, *principals):
        return {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal} for principal in principals]}

    def test_one_service(self):
        self.assertEqual([], policies.check_trust(self.trust({"Service": "glue.amazonaws.com"})))

    def test_two_services(self):
        for trust in (
            self.trust({"Service": ["glue.amazonaws.com", "lambda.amazonaws.com"]}),
            self.trust({"Service": "a.amazonaws.com"}, {"Service": "b.amazonaws.com"}),
        ):
            self.assertIn("trusts 2 services", policies.check_trust(trust)[0])

    def test_an_account(self):
        self.assertIn(
            "arn:aws:iam::1:root", policies.check_trust(self.trust({"Service": "glue.amazonaws.com", "AWS": "arn:aws:iam::1:root"}))[0],
        )

    def test_managed_policies(self):
        glue = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
        batch = "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole"
        self.assertEqual([], policies.check_managed("idextractor-batch-service", [batch]))
        self.assertEqual(1, len(policies.check_managed("idextractor-batch-service", [glue])))
        self.assertEqual(1, len(policies.check_managed("job-process-taxi-data", [batch])))

    def test_writers_of_an_object(self):
        held = {
            "writer": [policy(Action=["s3:GetObject", "s3:PutObject"], Resource=["arn:aws:s3:::ids/ids/active/*"])],
            "deleter": [policy(Action="s3:DeleteObject", Resource="arn:aws:s3:::ids/*")],
            "reader": [policy(Resource="arn:aws:s3:::ids/*")],
            "other": [policy(Action="s3:PutObject", Resource="arn:aws:s3:::ids-other/*")],
        }
        self.assertEqual({"writer", "deleter"}, policies.writers(held, "ids", "ids/active/latest.txt.gz"))


class Topics(unittest.TestCase):
    def topic(self, **changes):
        return {"Statement": [
            {
                "Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sns:Publish",
                "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}, **changes,
            } for service in ("cloudwatch", "events")
        ]}

    def test_services_of_this_account(self):
        self.assertEqual([], policies.check_topic(self.topic(), "1"))

    def test_planted_defects(self):
        for changes, expected in [
            ({"Condition": {}}, "of any account"), ({"Condition": {"StringEquals": {"aws:SourceAccount": "2"}}}, "of any account"),
            ({"Principal": "*"}, "allows *"), ({"Principal": {"AWS": "*"}}, "allows {'AWS': '*'}"), ({"Action": "sns:*"}, "allows sns:*"),
            ({"Principal": {"Service": "s3.amazonaws.com"}}, "services ['s3.amazonaws.com']"),
        ]:
            with self.subTest(changes):
                self.assertIn(expected, " | ".join(policies.check_topic(self.topic(**changes), "1")))


if __name__ == "__main__":
    unittest.main()
