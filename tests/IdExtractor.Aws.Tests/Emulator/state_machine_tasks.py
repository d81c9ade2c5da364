"""How state machines call services, where moto differs from Step Functions.

- Parameters of optimised integrations are PascalCase and are turned into the API's own case, and replies back.
- Errors of the SDK integrations carry the service's name in its documented case: Glue.EntityNotFoundException, S3.NoSuchKeyException.
- .sync works for Glue, and again when a state is tried again; its polls follow the emulator's clock and outlive throttling and 5xx.
- Calls are signed with the name of the execution's role, so that the request log shows whose they are. Clients are kept: a new one takes 0.3 s.
"""
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
    state_task_service_callback,
    state_task_service_glue,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

import clock

SERVICE_NAMES = {"glue": "Glue", "s3": "S3", "batch": "Batch", "sns": "Sns", "lambda": "Lambda", "sfn": "Sfn"}
# Step Functions looks at a job every few seconds. The exact number is not documented.
POLL_SECONDS = 5
SHORTEST_POLL = 0.02

_creating = threading.Lock()


def install():
    StateTaskService._normalise_parameters = _normalise_parameters
    StateTaskService._normalise_response = _normalise_response
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(SERVICE_NAMES)
    # With this pattern moto prepares the callback endpoint that its .sync code uses.
    state_task_service_glue._SUPPORTED_INTEGRATION_PATTERNS.add(ResourceCondition.WaitForTaskToken)
    state_task_service_callback.StateTaskServiceCallback._eval_sync = _wait_for_job
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
            return result
        time.sleep(max(SHORTEST_POLL, POLL_SECONDS * clock.scale()))
    return None


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
