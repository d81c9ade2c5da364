"""Lambda functions that run: the Python package of a function in processes of its own (lambda_environments.py), with its environment,
role, timeout and context.

- Errors have the form that Lambda documents (errorType, errorMessage, stackTrace; Unhandled). A function that runs too long ends with
  Sandbox.Timedout.
- An asynchronous invocation (InvocationType Event, S3 notifications, EventBridge) is tried again twice, after one and two minutes of the
  emulator's clock. If all fail, the event goes to the function's dead-letter queue or its on-failure destination.
- DeadLetterConfig is kept and returned. Output goes to the log group /aws/lambda/NAME if that exists.
"""
import json
import os
import threading
import uuid
from urllib.parse import parse_qs

from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.utils import unix_time_millis

import clock
import lambda_environments

RETRY_SECONDS = (60, 120)


def install():
    from_queue = LambdaSimpleBackend.invoke

    def invoke(self, function_name, qualifier, body, headers, response_headers):
        if self.lambda_simple_results_queue:
            return from_queue(self, function_name, qualifier, body, headers, response_headers)
        function = self.get_function(function_name, qualifier)
        if (headers or {}).get("X-Amz-Invocation-Type") == "Event":
            invoke_later(self, function, body)
            return b""
        failed, payload = run(self, function, body)
        if failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return payload

    LambdaSimpleBackend.invoke = invoke
    LambdaResponse.invoke = _with_any_event(LambdaResponse.invoke)
    describe, create, update = LambdaFunction.get_configuration, LambdaFunction.__init__, LambdaFunction.update_configuration

    def __init__(self, account_id, spec, *arguments, **named):
        create(self, account_id, spec, *arguments, **named)
        self.dead_letter = spec.get("DeadLetterConfig") or {}

    def update_configuration(self, config_updates):
        self.dead_letter = config_updates.get("DeadLetterConfig", self.dead_letter)
        return update(self, config_updates)

    def get_configuration(self, on_create=False):
        return {**describe(self, on_create), **({"DeadLetterConfig": self.dead_letter} if self.dead_letter else {})}

    LambdaFunction.__init__, LambdaFunction.update_configuration, LambdaFunction.get_configuration = __init__, update_configuration, get_configuration


def _with_any_event(invoke):
    """The event may be any JSON value, not only an object: moto looks for parameters of its own in it."""

    def invoke_with(self):
        self._get_param = lambda *_: parse_qs(self.parsed_url.query).get("Qualifier", [None])[0]
        return invoke(self)

    return invoke_with


def run(backend, function, body):
    """Runs a function once. Returns whether it failed, and its payload as bytes."""
    request = str(uuid.uuid4())
    context = {"aws_request_id": request, "function_name": function.function_name, "invoked_function_arn": function.function_arn,
               "memory_limit_in_mb": str(function.memory_size), "timeout": function.timeout}
    event = json.loads(body or b"{}")
    reply, printed = lambda_environments.invoke(function.code_bytes, function.handler, environment(backend, function), event, context)
    _write_log(backend, function, printed)
    if reply is None:
        reply = {"error": {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request} Error: Runtime exited"}}
    return "error" in reply, json.dumps(reply.get("error", reply.get("value"))).encode()


def environment(backend, function):
    return {
        "PATH": os.environ["PATH"], "HOME": "/tmp", "LANG": "en_US.UTF-8", "TZ": ":UTC", "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": backend.region_name, "AWS_DEFAULT_REGION": backend.region_name, "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_ACCESS_KEY_ID": function.role.rpartition("/")[2], "AWS_SECRET_ACCESS_KEY": "emulator", "AWS_SESSION_TOKEN": "emulator",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}", **(function.environment_vars or {}),
    }


def invoke_later(backend, function, body):
    threading.Thread(target=_invoke_with_retries, args=(backend, function, body), daemon=True).start()


def _invoke_with_retries(backend, function, body):
    config = function.event_invoke_config[0].config if function.event_invoke_config else {}
    retries = config.get("MaximumRetryAttempts", len(RETRY_SECONDS))
    failed, payload = run(backend, function, body)
    for seconds in RETRY_SECONDS[:retries]:
        if not failed:
            return
        clock.sleep("lambda_retry", seconds)
        failed, payload = run(backend, function, body)
    if failed:
        _give_up(backend, function, body, payload, retries + 1, config)


def _give_up(backend, function, body, payload, count, config):
    from moto.sqs.models import sqs_backends

    body = body if isinstance(body, str) else body.decode()
    target, message, attributes = function.dead_letter.get("TargetArn"), body, {}
    if target:
        error = json.loads(payload)
        values = {"RequestID": str(uuid.uuid4()), "ErrorCode": "200", "ErrorMessage": error.get("errorMessage", "")[:1024]}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}
    else:
        target = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        message = json.dumps({"version": "1.0", "requestContext": {"functionArn": function.function_arn, "condition": "RetriesExhausted",
                                                                  "approximateInvokeCount": count},
                              "requestPayload": json.loads(body), "responsePayload": json.loads(payload)})
    if target and ":sqs:" in target:
        sqs_backends[backend.account_id][backend.region_name].send_message(target.rpartition(":")[2], message, message_attributes=attributes)


def _write_log(backend, function, text):
    from moto.logs.models import logs_backends

    logs, group, stream = logs_backends[backend.account_id][backend.region_name], f"/aws/lambda/{function.function_name}", str(uuid.uuid4())
    if group in logs.groups and text.strip():
        logs.create_log_stream(group, stream)
        logs.put_log_events(group, stream, [{"timestamp": int(unix_time_millis()), "message": line} for line in text.splitlines() if line.strip()])
