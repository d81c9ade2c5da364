"""Checks an uploaded object before the ETL job reads it: place, type, existence and size.

Input: {"bucket", "key"} and more, which is ignored. Environment: INPUT_PREFIX (raw/taxi/), MIN_BYTES (100), MAX_BYTES (10737418240).
Returns {"isValid", "reason", "message", "metadata": {"bucket", "key", "size", "eTag", "versionId"}}. The reason is the first check that
fails: missing_field, invalid_prefix, invalid_type, not_found, too_small, too_large; null if none does. Size, eTag and version are those of
the object as it is now. Denied access and errors of S3 are raised: they say nothing about the object.
"""
import functools
import json
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

TYPES = (".parquet", ".csv", ".csv.gz")
NOT_FOUND = ("404", "NoSuchKey", "NoSuchBucket", "NotFound")
# S3 keeps no longer key.
KEY_BYTES = 1024


def lambda_handler(event, context):
    given = event if isinstance(event, dict) else {}
    bucket, key = text(given.get("bucket")), text(given.get("key"))
    metadata = {"bucket": bucket, "key": key, "size": None, "eTag": None, "versionId": None}
    reason, message = check(bucket, key, metadata)
    log("invalid" if reason else "valid", reason=reason, bucket=bucket, key=key, size=metadata["size"])
    return {"isValid": reason is None, "reason": reason, "message": message, "metadata": metadata}


def check(bucket, key, metadata):
    """The first reason against the object and a message for people. Fills in what the metadata knows of the object."""
    missing = [name for name, value in (("bucket", bucket), ("key", key)) if value is None]
    if missing:
        return "missing_field", f"The input has no {' and no '.join(missing)}: it needs both, as text."
    prefix = os.environ.get("INPUT_PREFIX", "raw/taxi/")
    if not key.startswith(prefix):
        return "invalid_prefix", f"{key} is not below {prefix}."
    if not key.lower().endswith(TYPES):
        return "invalid_type", f"{key} is not a file of the types {', '.join(TYPES)}."
    found = head(bucket, key)
    if found is None:
        return "not_found", f"s3://{bucket}/{key} does not exist. It may have been deleted after its upload."
    size = found["ContentLength"]
    version = found.get("VersionId")
    metadata.update(size=size, eTag=found["ETag"].strip('"'), versionId=None if version == "null" else version)
    least, most = int(os.environ.get("MIN_BYTES", "100")), int(os.environ.get("MAX_BYTES", "10737418240"))
    if size < least:
        return "too_small", f"s3://{bucket}/{key} has {size} bytes; the minimum is {least}."
    if size > most:
        return "too_large", f"s3://{bucket}/{key} has {size} bytes; the maximum is {most}."
    return None, f"s3://{bucket}/{key} is valid ({size} bytes)."


def head(bucket, key):
    """The object's headers; None if there is no such object or bucket."""
    if not can_exist(key):
        return None
    try:
        return s3().head_object(Bucket=bucket, Key=key)
    except ParamValidationError:
        # No bucket can have such a name.
        return None
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_FOUND:
            return None
        raise


def can_exist(key):
    """No object has a key that is too long or not Unicode. S3 answers to such a key with an error that says nothing of the object."""
    try:
        return len(key.encode("utf-8")) <= KEY_BYTES
    except UnicodeEncodeError:
        return False


@functools.lru_cache
def s3():
    return boto3.client("s3", config=Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=3, read_timeout=10))


def text(value):
    return value if isinstance(value, str) and value else None


def log(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)
