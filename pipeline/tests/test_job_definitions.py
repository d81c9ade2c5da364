"""The job definitions of docs/aws-batch against the service's published model, which botocore carries."""

import json
import os
import pathlib
import re
import unittest

try:
    import botocore.session
    import botocore.validate
except ImportError:
    botocore = None

MODULE = pathlib.Path(__file__).resolve().parents[1] / "terraform" / "modules" / "extractor" / "main.tf"


class Definitions(unittest.TestCase):
    # The check has to run it: there, a missing model is a failure.
    @unittest.skipUnless(botocore or os.environ.get("CI"), "botocore, which carries the service's model, is not installed")
    def test_are_requests_that_batch_takes(self):
        shape = botocore.session.get_session().get_service_model("batch").operation_model("RegisterJobDefinition").input_shape
        for path in sorted((pathlib.Path(__file__).resolve().parents[2] / "docs" / "aws-batch").glob("job-definition-*.json")):
            with self.subTest(path.name):
                definition = json.loads(path.read_text(encoding="utf-8"))
                report = botocore.validate.ParamValidator().validate(definition, shape)
                self.assertFalse(report.has_errors(), report.generate_report())
                # botocore lets unknown members pass; the service does not.
                self.assertEqual([], list(unknown(definition, shape, "")))

    @unittest.skipUnless(botocore or os.environ.get("CI"), "botocore, which carries the service's model, is not installed")
    def test_fallback_of_spot_is_of_the_kind_that_batch_lets_into_one_queue(self):
        """Why prod has Fargate Spot, and not EC2 Spot, in front of Fargate."""
        batch = botocore.session.get_session().get_service_model("batch")
        text = batch.operation_model("CreateJobQueue").input_shape.members["computeEnvironmentOrder"].documentation
        text = " ".join(re.sub("<[^>]+>", "", text).split())
        self.assertIn("must be either EC2 (EC2 or SPOT) or Fargate (FARGATE or FARGATE_SPOT)", text)
        self.assertIn("EC2 and Fargate compute environments can't be mixed", text)
        self.assertIn("FARGATE_SPOT = [\"FARGATE_SPOT\", \"FARGATE\"]", MODULE.read_text(encoding="utf-8"))


def unknown(value, shape, place):
    """Names of members that the model does not have."""
    if shape.type_name == "structure":
        for name, member in value.items():
            if name in shape.members:
                yield from unknown(member, shape.members[name], place + "." + name)
            else:
                yield place + "." + name
    elif shape.type_name == "list":
        for item in value:
            yield from unknown(item, shape.member, place + "[]")


if __name__ == "__main__":
    unittest.main()
