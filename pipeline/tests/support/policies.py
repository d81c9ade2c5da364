"""The rules for IAM policies, as functions that return what violates them, one text for each violation."""
import re

# Actions that do not support resource-level permissions, and may be allowed on "*".
WITHOUT_RESOURCES = {
    "batch:DescribeJobs", "batch:ListJobs", "ecr:GetAuthorizationToken", "cloudwatch:PutMetricData",
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
}
MANAGED = {
    "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole",
    "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
}
MANAGED_ROLES = {"idextractor-batch-service", "idextractor-execution", "idextractor-instance"}
WRITES = {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:RestoreObject", "s3:PutObjectAcl", "s3:PutObjectTagging"}


def as_list(value):
    return value if isinstance(value, list) else [value]


def check_policy(policy):
    """Violations of a role's own policy (a dictionary)."""
    violations = []
    for statement in policy["Statement"]:
        violations += [f"{statement.get('Sid', 'a statement')}: {text}" for text in check_statement(statement)]
    return violations


def check_statement(statement):
    if statement["Effect"] != "Allow":
        return
    if "NotAction" in statement or "NotResource" in statement:
        yield "NotAction and NotResource allow what nobody listed"
    actions, targets = as_list(statement.get("Action", [])), as_list(statement.get("Resource", []))
    conditions = statement.get("Condition", {})
    yield from (f"'*' in the action {action}" for action in actions if "*" in action)
    if "*" in targets:
        specific = [action for action in actions if action not in WITHOUT_RESOURCES and not action.startswith("ec2:Describe")]
        yield from (f"{action} on every resource" for action in specific)
    yield from (f"{target} names no bucket" for target in targets if target.startswith("arn:aws:s3:::*"))
    if "cloudwatch:PutMetricData" in actions and not any("cloudwatch:namespace" in keys for keys in conditions.values()):
        yield "cloudwatch:PutMetricData without its namespace as a condition"
    if "iam:PassRole" in actions:
        yield from (f"iam:PassRole on {target}, which names no role" for target in targets if "*" in target)
        if not any("iam:PassedToService" in keys for keys in conditions.values()):
            yield "iam:PassRole without a condition on iam:PassedToService"


def check_trust(trust):
    """Violations of a role's trust policy: it must trust one service and nothing else."""
    principals = [statement["Principal"] for statement in trust["Statement"]]
    services = [service for principal in principals if isinstance(principal, dict) for service in as_list(principal.get("Service", []))]
    violations = [f"trusts {len(services)} services: {', '.join(services)}"] if len(services) != 1 else []
    return violations + [f"trusts {principal}" for principal in principals if principal == "*" or set(principal) != {"Service"}]


def check_managed(role, arns):
    """Violations by the managed policies of a role."""
    return [f"{arn} on {role}" for arn in arns if arn not in MANAGED or role not in MANAGED_ROLES]


def writers(policies, bucket, key):
    """Names of the roles that may write this object. `policies`: role -> list of its policies."""
    target = f"arn:aws:s3:::{bucket}/{key}"
    return {role for role, held in policies.items() if any(allows(policy, WRITES, target) for policy in held)}


def allows(policy, actions, target):
    """The policy allows one of the actions on the target. Conditions are not evaluated: they could only narrow it."""
    return any(
        matches(pattern, target)
        for statement in policy["Statement"] if statement["Effect"] == "Allow" and set(as_list(statement["Action"])) & set(actions)
        for pattern in as_list(statement["Resource"])
    )


def matches(pattern, target):
    """IAM's wildcards: '*' and '?' also match '/' and ':'."""
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern), target, re.DOTALL) is not None


def check_topic(policy, account):
    """Violations of a topic's policy: only CloudWatch and EventBridge of the account may publish."""
    violations, services = [], set()
    for statement in policy["Statement"]:
        if statement["Effect"] != "Allow":
            continue
        principal = statement["Principal"]
        if not isinstance(principal, dict) or set(principal) != {"Service"}:
            violations.append(f"allows {principal}")
            continue
        services.update(as_list(principal["Service"]))
        if set(as_list(statement["Action"])) != {"sns:Publish"}:
            violations.append(f"allows {statement['Action']}")
        if statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount") != account:
            violations.append(f"{principal['Service']} of any account may publish")
    expected = {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    return violations + ([f"services {sorted(services)}"] if services != expected else [])
