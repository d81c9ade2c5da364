"""Starts the state machine for every object that is uploaded under a prefix, once per version of the object.

Events: S3 notifications (Records, URL-encoded keys) and EventBridge's Object Created (one object, plain key).
Environment: STATE_MACHINE_ARN, ENABLE_ORCHESTRATION (true), INPUT_PREFIX (raw/taxi/), ENABLE_EXTRACTION (false).
Returns {"started": [{"bucket", "key", "executionArn"}], "duplicates": [{"bucket", "key"}], "skipped": [{"bucket", "key", "reason"}]}.
Raises StartFailed after the last record if an execution could not be started: Lambda then invokes the function again, and the executions
that were started have the same names again.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import threading
import urllib.parse

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TYPES = (".parquet", ".csv", ".csv.gz")
# 100 records take a second this way, and a throttled start still has time for its retries.
WORKERS = 16
CREATING = threading.Lock()


class StartFailed(Exception):
    """At least one execution could not be started."""


class Skip(Exception):
    """A record that starts nothing, and why."""


def lambda_handler(event, context):
    objects, skipped = [], []
    for record in records_of(event):
        try:
            objects.append(read(record))
        except Skip as skip:
            bucket, key = place_of(record)
            skipped.append({"bucket": bucket, "key": key, "reason": str(skip)})
            log("skipped", **skipped[-1])
    # Records of the same version one after the other: the service then sees the first one when the second is started.
    names = {}
    for found in objects:
        names.setdefault(execution_name(found), []).append(found)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        outcomes = [outcome for group in pool.map(start_all, names, names.values()) for outcome in group]
    started = [{"bucket": found["bucket"], "key": found["key"], "executionArn": arn} for found, arn, error in outcomes if arn]
    duplicates = [{"bucket": found["bucket"], "key": found["key"]} for found, arn, error in outcomes if not arn and not error]
    errors = [error for _, _, error in outcomes if error]
    log("done", started=len(started), duplicates=len(duplicates), skipped=len(skipped), failed=len(errors))
    if errors:
        raise StartFailed(f"{len(errors)} of {len(objects)} executions could not be started; the first error: {errors[0]}")
    return {"started": started, "duplicates": duplicates, "skipped": skipped}


def records_of(event):
    """The event's records: those of a notification, otherwise the event itself."""
    records = event.get("Records") if isinstance(event, dict) else None
    return records if isinstance(records, list) else [event]


def read(record):
    """The object that a record is about: bucket, key, size, eTag, versionId, eventTime and sequencer. Raises Skip with the reason."""
    if not is_true("ENABLE_ORCHESTRATION", "true"):
        raise Skip("disabled")
    if isinstance(record, dict) and record.get("Event") == "s3:TestEvent":
        raise Skip("test_event")
    bucket, key = place_of(record)
    if not bucket or not key:
        raise Skip("malformed")
    if not is_created(record):
        raise Skip("not_created")
    if not key.startswith(os.environ.get("INPUT_PREFIX", "raw/taxi/")):
        raise Skip("prefix")
    if key.endswith("/"):
        raise Skip("folder")
    if not key.lower().endswith(TYPES):
        raise Skip("type")
    stored = object_of(record)
    return {
        "bucket": bucket,
        "key": key,
        "size": stored.get("size"),
        "eTag": stored.get("eTag", stored.get("etag")),
        # A bucket whose versioning is suspended has the version "null" for every upload.
        "versionId": none_if_null(stored.get("versionId", stored.get("version-id"))),
        "eventTime": record.get("eventTime", record.get("time")),
        "sequencer": stored.get("sequencer"),
    }


def is_from_eventbridge(record):
    return "detail-type" in record or "detail" in record


def is_created(record):
    if is_from_eventbridge(record):
        return record.get("detail-type") == "Object Created"
    return str(record.get("eventName")).removeprefix("s3:").startswith("ObjectCreated:")


def place_of(record):
    """Bucket and key of a record; None for what it lacks."""
    if not isinstance(record, dict):
        return None, None
    body = body_of(record)
    bucket = text(dictionary(body.get("bucket")).get("name")) or text(record.get("Bucket"))
    key = text(dictionary(body.get("object")).get("key"))
    if key and not is_from_eventbridge(record):
        key = urllib.parse.unquote_plus(key)
    return bucket, key


def body_of(record):
    return dictionary(record.get("detail" if is_from_eventbridge(record) else "s3"))


def object_of(record):
    return dictionary(body_of(record).get("object"))


def dictionary(value):
    return value if isinstance(value, dict) else {}


def text(value):
    return value if isinstance(value, str) and value else None


def none_if_null(version):
    return None if version in (None, "", "null") else version


def execution_name(found):
    """At most 80 characters, the same for every delivery of the same version: 'trips-parquet-' and a hash of bucket, key and version."""
    version = found["versionId"] or found["sequencer"] or found["eTag"] or found["eventTime"]
    digest = hashlib.sha256(json.dumps([found["bucket"], found["key"], version]).encode()).hexdigest()
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", found["key"].rpartition("/")[2])[:39].strip("-")
    return f"{readable or 'object'}-{digest[:40]}"


def start_all(name, objects):
    return [(found, *start(name, found)) for found in objects]


def start(name, found):
    """Starts an execution. Returns its ARN (None if it is a duplicate) and the error (None if there is none)."""
    place = {"bucket": found["bucket"], "key": found["key"]}
    given = {member: value for member, value in found.items() if member != "sequencer"}
    given["extract"] = is_true("ENABLE_EXTRACTION", "false")
    try:
        machine = os.environ.get("STATE_MACHINE_ARN")
        if not machine:
            raise StartFailed("the environment variable STATE_MACHINE_ARN is not set")
        arn = states().start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))["executionArn"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            log("duplicate", **place, name=name)
            return None, None
        return failed(place, error)
    except (BotoCoreError, StartFailed) as error:
        return failed(place, error)
    log("started", **place, executionArn=arn)
    return arn, None


def failed(place, error):
    log("failed", **place, error=str(error))
    return None, str(error)


def states():
    # boto3 may not make clients in several threads at once, and in a new environment all of them would.
    with CREATING:
        return make_states()


@functools.lru_cache
def make_states():
    config = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=3, read_timeout=5, max_pool_connections=WORKERS)
    return boto3.client("stepfunctions", config=config)


def is_true(variable, default):
    return os.environ.get(variable, default).strip().lower() == "true"


def log(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)
