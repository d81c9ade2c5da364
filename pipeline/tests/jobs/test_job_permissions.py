"""The policies in docs/use/job-permissions.md: every action is called by the jobs, and every
call is allowed.
"""
import json
import os
import re
import unittest

from .spark_support import ROOT

PAGE = os.path.join(ROOT, "docs", "use", "job-permissions.md")
CALL = re.compile(r"\b(?:_?client|_?glue|s3)\.((?:get|put|list|head|copy|create|update|delete|batch|upload|complete|abort)_[a-z0-9_]+)\b")
ACTIONS = {
    "list_objects_v2": ["s3:ListBucket"], "head_object": ["s3:GetObject"], "get_object": ["s3:GetObject"], "put_object": ["s3:PutObject"],
    "delete_object": ["s3:DeleteObject"],
    "delete_objects": ["s3:DeleteObject"], "create_multipart_upload": ["s3:PutObject"],
    "upload_part_copy": ["s3:PutObject", "s3:GetObject"], "copy_object": ["s3:PutObject", "s3:GetObject"],
    "upload_part": ["s3:PutObject"], "complete_multipart_upload": ["s3:PutObject"], "abort_multipart_upload": ["s3:AbortMultipartUpload"],
    "get_table": ["glue:GetTable"],
    "get_partitions": ["glue:GetPartitions"], "get_database": ["glue:GetDatabase"], "create_database": ["glue:CreateDatabase"],
    "create_table": ["glue:CreateTable"],
    "update_table": ["glue:UpdateTable"], "batch_create_partition": ["glue:BatchCreatePartition"],
    "batch_delete_partition": ["glue:BatchDeletePartition"],
}


def calls():
    found = set()
    for folder, _, names in os.walk(os.path.join(ROOT, "pipeline", "jobs")):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as stream:
                    found.update(CALL.findall(stream.read()))
    return found


def policies():
    """{job: set of actions}"""
    with open(PAGE, encoding="utf-8") as stream:
        text = stream.read()
    result = {}
    for job, policy in re.findall(r"^## (\w+)\n.*?```json\n(.*?)```", text, re.MULTILINE | re.DOTALL):
        actions = set()
        for statement in json.loads(policy)["Statement"]:
            actions.update([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
            assert "*" not in json.dumps(statement["Action"])
        result[job] = actions
    return result


class PermissionTests(unittest.TestCase):
    def test_policies_Together_AreWhatTheCodeCalls(self):
        unknown = calls() - set(ACTIONS)
        self.assertEqual(unknown, set(), "calls without a known action")
        called = {action for call in calls() for action in ACTIONS[call]}
        self.assertEqual(set().union(*policies().values()), called)

    def test_policies_EveryJob_HasOne(self):
        self.assertEqual(sorted(policies()), ["bronze_to_silver", "extract_ids", "process_taxi", "silver_to_gold"])

    def test_policies_JobsThatDoNotRegister_HaveNoSuchAction(self):
        self.assertFalse(any(action.startswith(("glue:Create", "glue:Update", "glue:Batch")) for action in policies()["extract_ids"]))
        self.assertNotIn("glue:BatchDeletePartition", policies()["process_taxi"] | policies()["bronze_to_silver"])
