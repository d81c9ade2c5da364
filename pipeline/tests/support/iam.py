"""Whether a recorded call is allowed to its caller, by the policies that the caller's role has on the emulator.

`needed` names the IAM action and the resource of each kind of call, as the service authorization reference has them. `Roles.allows` evaluates
Allow statements with patterns in actions and resources; a Deny that fits wins.
"""
import json
import re

ANY = "*"


def needed(call, account, region):
    """The (action, resource ARN) pairs that a call needs.

    Raises KeyError for a call that is not described here.
    """
    body, name = call.get("body") or {}, call["operation"]

    def arn(service, resource):
        return f"arn:aws:{service}:{region}:{account}:{resource}"

    if call["service"] == "s3":
        return s3(call)
    known = {
        ("lambda", "Invoke"): lambda: [("lambda:InvokeFunction", function_arn(body["FunctionName"], arn))],
        ("states", "StartExecution"): lambda: [("states:StartExecution", body["stateMachineArn"])],
        ("glue", "StartJobRun"): lambda: [("glue:StartJobRun", arn("glue", f"job/{body['JobName']}"))],
        ("glue", "GetJobRun"): lambda: [("glue:GetJobRun", arn("glue", f"job/{body['JobName']}"))],
        ("glue", "BatchStopJobRun"): lambda: [("glue:BatchStopJobRun", arn("glue", f"job/{body['JobName']}"))],
        ("glue", "StartCrawler"): lambda: [("glue:StartCrawler", arn("glue", f"crawler/{body['Name']}"))],
        ("glue", "GetCrawler"): lambda: [("glue:GetCrawler", arn("glue", f"crawler/{body['Name']}"))],
        ("glue", "GetTable"): lambda: table("glue:GetTable", body, arn),
        ("glue", "GetPartitions"): lambda: table("glue:GetPartitions", body, arn),
        ("sns", "Publish"): lambda: [("sns:Publish", call["resource"])],
        ("batch", "SubmitJob"): lambda: [("batch:SubmitJob", queue_arn(body["jobQueue"], arn)), ("batch:SubmitJob", definition_arn(body["jobDefinition"], arn))],
        ("batch", "TerminateJob"): lambda: [("batch:TerminateJob", arn("batch", f"job/{body['jobId']}"))],
        ("batch", "DescribeJobs"): lambda: [("batch:DescribeJobs", ANY)],
        ("batch", "ListJobs"): lambda: [("batch:ListJobs", ANY)],
    }
    return known[call["service"], name]()


def function_arn(name, arn):
    return name if name.startswith("arn:") else arn("lambda", f"function:{name}")


def queue_arn(name, arn):
    return name if name.startswith("arn:") else arn("batch", f"job-queue/{name}")


def definition_arn(name, arn):
    whole = name if name.startswith("arn:") else arn("batch", f"job-definition/{name}")
    return whole if re.search(r":\d+$", whole) else whole + ":1"


def table(action, body, arn):
    database = body["DatabaseName"]
    name = body.get("TableName") or body.get("Name")
    return [(action, arn("glue", "catalog")), (action, arn("glue", f"database/{database}")), (action, arn("glue", f"table/{database}/{name}"))]


def s3(call):
    bucket, _, key = call["resource"].partition("/")
    whole, thing = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/{key}"
    if call["operation"] == "CopyObject":
        return [("s3:PutObject", thing), ("s3:GetObject", f"arn:aws:s3:::{call['source'].partition('?')[0]}")]
    actions = {
        "GetObject": ("s3:GetObject", thing), "HeadObject": ("s3:GetObject", thing), "PutObject": ("s3:PutObject", thing),
        "DeleteObject": ("s3:DeleteObject", thing), "ListObjectsV2": ("s3:ListBucket", whole), "HeadBucket": ("s3:ListBucket", whole),
        "CreateMultipartUpload": ("s3:PutObject", thing), "UploadPart": ("s3:PutObject", thing), "CompleteMultipartUpload": ("s3:PutObject", thing),
        "AbortMultipartUpload": ("s3:AbortMultipartUpload", thing), "ListMultipartUploads": ("s3:ListBucketMultipartUploads", whole),
        "ListParts": ("s3:ListMultipartUploadParts", thing), "GetBucketLocation": ("s3:GetBucketLocation", whole),
    }
    return [actions[call["operation"]]]


class Roles:
    """The roles of an account and their policies, own and attached."""

    def __init__(self, iam):
        self._statements = {}
        for page in iam.get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                name = role["RoleName"]
                own = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]]
                for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
                    version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
                    own.append(iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"])
                self.add(name, *own)

    def add(self, name, *policies):
        documents = [json.loads(policy) if isinstance(policy, str) else policy for policy in policies]
        self._statements[name] = [statement for document in documents for statement in listed(document["Statement"])]

    def __contains__(self, role):
        return role in self._statements

    def allows(self, role, action, resource):
        fits = [statement["Effect"] for statement in self._statements.get(role, []) if applies(statement, action, resource)]
        return "Allow" in fits and "Deny" not in fits


def listed(value):
    return value if isinstance(value, list) else [value]


def applies(statement, action, resource):
    return any(like(pattern.lower(), action.lower()) for pattern in listed(statement.get("Action", []))) and any(
        pattern == ANY or like(pattern, resource) for pattern in listed(statement.get("Resource", [])))


def like(pattern, text):
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text) is not None


def missing(calls, roles, account, region):
    """What the callers of these calls may not do, as a sorted list of texts. Calls of keys that are no roles are people's."""
    found = set()
    for call in calls:
        if call["key"] in roles:
            for action, resource in needed(call, account, region):
                if not roles.allows(call["key"], action, resource):
                    found.add(f"{call['key']} lacks {action} on {resource}")
    return sorted(found)
