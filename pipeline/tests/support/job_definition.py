"""The Batch job definition that is expected: the document in docs/aws-batch with its example names replaced."""
import json

from .names import ACCOUNT
from .stack import IMAGE
from .terraform import ROOT


def expected(document, environment, parameters=None):
    """The document for `fargate` or `spot` as the environment has to register it."""
    path = ROOT / "docs" / "aws-batch" / f"job-definition-{document}.json"
    definition = json.loads(path.read_text(encoding="utf-8"))
    container = definition["containerProperties"]
    values = {"AWS_REGION": "us-east-1", "IDEXTRACTOR_EXPECTED_BUCKET_OWNER": ACCOUNT}
    container["environment"] = [
        {"name": entry["name"], "value": values.get(entry["name"], entry["value"])}
        for entry in container["environment"]
    ]
    container["image"] = IMAGE
    container["jobRoleArn"] = f"arn:aws:iam::{ACCOUNT}:role/idextractor-job"
    container["executionRoleArn"] = f"arn:aws:iam::{ACCOUNT}:role/idextractor-execution"
    definition["jobDefinitionName"] = "idextractor"
    definition["parameters"] = {
        **(parameters or {"table_a": "glue://datalake/eligible", "table_b": "glue://datalake/accounts"}),
        "output": f"s3://datalake-pipeline-ids-{environment}/ids/",
    }
    return definition


def differences(found, wanted):
    """Paths of members that differ, by their last names. Order of variables, case of actions and empty lists do not matter."""
    return sorted({name for name in _differences(_sorted(found), _sorted(wanted), "definition")})


def _differences(found, wanted, name):
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in found.keys() | wanted.keys():
            yield from _differences(found.get(key), wanted.get(key), key)
    elif found != wanted:
        yield name


def _sorted(definition):
    container, strategy = definition["containerProperties"], definition["retryStrategy"]
    return {
        **definition,
        "containerProperties": {
            **{name: value for name, value in container.items() if value != []},
            "environment": sorted(container["environment"], key=lambda entry: entry["name"]),
        },
        # The provider writes the actions in lower case.
        "retryStrategy": {
            **strategy, "evaluateOnExit": [{**rule, "action": rule["action"].upper()} for rule in strategy["evaluateOnExit"]],
        },
    }
