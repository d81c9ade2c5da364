"""Events of S3 as its user guide describes them, where moto's differ.

- A notification has versionId (in a bucket with versions), a sequencer that grows per key, responseElements and a time in UTC with a Z.
  The function is invoked asynchronously (lambda_functions.py), not in the upload's own request.
- GetBucketNotificationConfiguration returns that EventBridge is on.
- An Object Created event of EventBridge has the object's own sequencer and version, and reaches Lambda functions as a rule's target.
"""
import itertools
import json
from datetime import datetime, timezone
from urllib.parse import quote_plus

from moto.awslambda.utils import get_backend
from moto.events import models as events
from moto.s3 import notifications
from moto.s3.responses import S3Response

_count = itertools.count(1)


def install():
    notifications._get_s3_event = _with_details(notifications._get_s3_event)
    notifications._invoke_awslambda = _invoke
    S3Response.get_bucket_notification = _with_eventbridge(S3Response.get_bucket_notification)
    events.Rule.send_to_targets = _with_functions(events.Rule.send_to_targets)


def _with_eventbridge(get):
    def get_bucket_notification(self):
        serialized = self.serialized

        def serialize(action):
            # An error is serialized in the same way, for example that there is no such bucket.
            if isinstance(action.result, dict):
                found = self.backend.get_bucket_notification_configuration(self.bucket_name)
                if found and found.event_bridge is not None:
                    action.result["EventBridgeConfiguration"] = {}
            return serialized(action)

        self.serialized = serialize
        return get(self)

    return get_bucket_notification


def next_sequencer():
    """Sixteen hexadecimal digits; the later event has the greater one."""
    return f"{0x0055AED6DCD90281 + next(_count):016X}"


def _with_details(get_event):
    def get_s3_event(event_name, bucket, key, notification_id):
        event = get_event(event_name, bucket, key, notification_id)
        record = event["Records"][0]
        now = datetime.now(timezone.utc)
        record["eventTime"] = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
        record["userIdentity"] = {"principalId": "AWS:EMULATOR"}
        record["responseElements"] = {"x-amz-request-id": "EMULATOR", "x-amz-id-2": "emulator"}
        # S3 encodes everything but the slashes.
        record["s3"]["object"]["key"] = quote_plus(key.name, safe="/")
        record["s3"]["object"]["sequencer"] = next_sequencer()
        if bucket.is_versioned and key.version_id:
            record["s3"]["object"]["versionId"] = key.version_id
        return event

    return get_s3_event


def _invoke(account_id, event_body, function_arn, region):
    import lambda_functions

    _install_functions()
    backend = get_backend(account_id, region)
    try:
        function = backend.get_function(function_arn)
    except Exception:  # The bucket's configuration outlives the function: S3 drops the event.
        return
    lambda_functions.invoke_later(backend, function, json.dumps(event_body))


def _install_functions():
    import additions

    additions.install_module("lambda_functions")


def _with_functions(send):
    def send_to_targets(self, original_event, transform_input=True):
        functions = [target for target in self.targets if ":lambda:" in target["Arn"]]
        if functions and self.event_pattern.matches_event(original_event):
            event = json.loads(json.dumps(original_event, default=str))
            if isinstance(event.get("time"), (int, float)):
                event["time"] = f"{datetime.fromtimestamp(event['time'], timezone.utc):%Y-%m-%dT%H:%M:%S}Z"
            stored = event.get("detail", {}).get("object")
            if event.get("source") == "aws.s3" and stored:
                stored["sequencer"] = next_sequencer()
                if stored.get("version-id") in (None, "null"):
                    stored.pop("version-id", None)
            for target in functions:
                _invoke(self.account_id, event, target["Arn"], self.region_name)
        others = [target for target in self.targets if ":lambda:" not in target["Arn"]]
        if others:
            targets, self.targets = self.targets, others
            try:
                send(self, original_event, transform_input)
            finally:
                self.targets = targets

    return send_to_targets
