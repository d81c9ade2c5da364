"""How state machines call services, where moto differs from Step Functions.

- Parameters of optimised integrations are PascalCase and are turned into the API's own case, and replies back.
- Errors of the SDK integrations carry the service's name in its documented case: Glue.EntityNotFoundException, S3.NoSuchKeyException.
- .sync works for Glue, and again when a state is tried again; its polls follow the emulator's clock and outlive throttling and 5xx.
  An execution that times out or is stopped stops its job.
- Calls are signed with the name of the execution's role, so that the request log shows whose they are. Clients are kept: a new one takes 0.3 s.
"""
import datetime
import functools
import sys
import threading
import time

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.settings import moto_server_port
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_batch,
    state_task_service_callback,
    state_task_service_glue,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

import clock

SERVICE_NAMES = {"glue": "Glue", "s3": "S3", "batch": "Batch", "sns": "Sns", "lambda": "Lambda", "sfn": "Sfn"}
# Step Functions looks at a job less and less often, which is not documented.
POLL_SECONDS, SHORTEST_POLL = 2, 0.02
# A Glue run goes on by looks, not by time (glue_jobs.py). Each counts as ten minutes, so that one without an end reaches TimeoutSeconds soon.
LOOK_SECONDS = 600

_creating = threading.Lock()


def install():
    StateTaskService._normalise_parameters = _normalise_parameters
    StateTaskService._normalise_response = _normalise_response
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(SERVICE_NAMES)
    state_task_service_aws_sdk.StateTaskServiceAwsSdk._normalise_exception_name = staticmethod(_error_name)
    # With this pattern moto prepares the callback endpoint that its .sync code uses.
    state_task_service_glue._SUPPORTED_INTEGRATION_PATTERNS.add(ResourceCondition.WaitForTaskToken)
    state_task_service_callback.StateTaskServiceCallback._eval_sync = _wait_for_job
    for service in (state_task_service_glue.StateTaskServiceGlue, state_task_service_batch.StateTaskServiceBatch):
        service._build_sync_resolver = _remember_job(service._build_sync_resolver)
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.") and hasattr(module, "boto_client_for"):
            module.boto_client_for = client_for


def _wait_for_job(self, env, sync_resolver, timeout_seconds, callback_endpoint, heartbeat_endpoint):
    """Polls until the resolver has the job's end, or raises its failure."""
    while env.is_running():
        try:
            result = sync_resolver()
        except ClientError as error:
            if not _is_temporary(error):
                raise
            result = None
        if result:
            return plain(result)
        time.sleep(max(SHORTEST_POLL, POLL_SECONDS * clock.scale()))
        if "JobRunId" in self.submitted:
            clock.skip(env.states.context_object.context_object_data["Execution"]["Id"], LOOK_SECONDS)
    _cancel(self, env)
    return None


def _cancel(self, env):
    """An execution that is stopped or times out takes its job along."""
    job = self.submitted
    role = env.aws_execution_details.role_arn.rpartition("/")[2]
    with _creating:
        client = _client(env.aws_execution_details.region, self._get_boto_service_name(), role, moto_server_port())
    try:
        if "JobRunId" in job:
            client.batch_stop_job_run(JobName=job["JobName"], JobRunIds=[job["JobRunId"]])
        elif "JobId" in job:
            client.terminate_job(jobId=job["JobId"], reason="The execution of the state machine has ended")
    except ClientError:
        pass  # The service does not report it either.


def _remember_job(build):
    def build_resolver(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        self.submitted = dict(env.stack[-1])
        return build(self, env, resource_runtime_part, normalised_parameters, state_credentials)

    return build_resolver


def _error_name(service, error):
    """S3.NoSuchKeyException for a modelled error, S3.S3Exception for others. A HEAD has no body that says so: its 404 is a missing key."""
    # botocore finds no request id in a 5xx without a body, and moto wants one.
    error.response["ResponseMetadata"].setdefault("RequestId", "none")
    name = type(error).__name__
    if name == "ClientError":
        name = "NoSuchKey" if service == "S3" and error.response["Error"]["Code"] == "404" else service
    return f"{service}.{name}" + ("" if name.endswith("Exception") else "Exception")


def _is_temporary(error):
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or status == 429 or "Throttl" in error.response["Error"]["Code"]


def client_for(region, service, state_credentials=None):
    role = getattr(state_credentials, "role_arn", None) or "states"
    with _creating:
        return _client(region, service, role.rpartition("/")[2], moto_server_port())


@functools.lru_cache(maxsize=None)
def _client(region, service, role, port):
    # Step Functions' own SDK does not try again: the machine's Retry does.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=600, s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": role, "aws_secret_access_key": "emulator"}
    return boto3.client(service, region_name=region, endpoint_url=f"http://127.0.0.1:{port}", config=config, **keys)


@functools.lru_cache(maxsize=None)
def _operation(service, action):
    model = botocore.session.get_session().get_service_model(service)
    return next(model.operation_model(name) for name in model.operation_names if botocore.xform_name(name) == action)


def _normalise_parameters(self, parameters, boto_service_name=None, service_action_name=None):
    shape = _operation(self._get_boto_service_name(boto_service_name), self._get_boto_service_action(service_action_name)).input_shape
    if shape:
        self._to_boto_request(parameters, shape)


def _normalise_response(self, response, boto_service_name=None, service_action_name=None):
    shape = _operation(self._get_boto_service_name(boto_service_name), self._get_boto_service_action(service_action_name)).output_shape
    if shape:
        self._from_boto_response(response, shape)
    if isinstance(response, dict):
        response.update(plain(response))


def plain(value):
    """The same with dates as text, as Step Functions has them in its data."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else value
