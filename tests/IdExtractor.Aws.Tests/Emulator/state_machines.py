"""What moto's Step Functions lack, as the service's API reference describes it.

- ValidateStateMachineDefinition and ListStateMachineVersions.
- Executions without a name get one; names are checked; a second execution of a machine can start while the first runs.
- Who looks at an execution sees it as running or as ended with its error and output, never in between.
- GetExecutionHistory pages (maxResults 1 to 1000, nextToken, reverseOrder); ListExecutions and DescribeExecution return the stop date of
  executions that timed out.
- The clock: waits, retries and TimeoutSeconds run at the emulator's scale (clock.py).
"""
import base64
import copy
import functools
import json
import re
import threading
import time
import uuid

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidName
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program.program import EvalComponent, Program
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

import clock

# Of StartExecution: no whitespace, brackets, wildcards, special or control characters.
BAD_NAME = re.compile(r'[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]')
MOST_EVENTS = 1000

# Held while an execution starts or ends, and while one is looked at.
_changing = threading.RLock()
_retrying = threading.local()


def install():
    StepFunctionResponse.validate_state_machine_definition = _validate_definition
    StepFunctionResponse.list_state_machine_versions = _list_versions
    StepFunctionResponse.get_execution_history = _locked(_get_history)
    StepFunctionResponse.describe_execution = _locked(_with_stop_date(StepFunctionResponse.describe_execution))
    StepFunctionResponse.list_executions = _locked(_with_stop_dates(StepFunctionResponse.list_executions))
    StateMachine.__deepcopy__ = _copy_machine
    StepFunctionsParserBackend.start_execution = _locked(_named(StepFunctionsParserBackend.start_execution))
    BaseExecutionWorkerCommunication._reflect_execution_status = _locked(BaseExecutionWorkerCommunication._reflect_execution_status)
    retrier_decl.RetrierDecl._eval_body = _retried(retrier_decl.RetrierDecl._eval_body)
    retrier_decl.time = _RetryClock
    WaitFunction._wait_interval = _wait_interval
    Program.eval = _eval_program


def _locked(function):
    @functools.wraps(function)
    def run(*words, **named):
        with _changing:
            return function(*words, **named)

    return run


def _validate_definition(self):
    try:
        definition = self._get_param("definition")
        json.loads(definition)
        AmazonStateLanguageParser.parse(definition)
        found = []
    except Exception as error:  # The parser has no common base for what it raises.
        found = [{"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": str(error)[:500], "location": ""}]
    return ActionResult({"result": "FAIL" if found else "OK", "diagnostics": found, "truncated": False})


def _list_versions(self):
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    versions = sorted(getattr(machine, "versions", {}).values(), key=lambda version: -version.version)
    return ActionResult({"stateMachineVersions": [{"stateMachineVersionArn": version.arn, "creationDate": version.creation_date} for version in versions]})


def _get_history(self):
    events = self.stepfunction_backend.get_execution_history(self._get_param("executionArn"))
    events = list(events["events"] if isinstance(events, dict) else events)
    if self._get_param("reverseOrder"):
        events.reverse()
    size = int(self._get_param("maxResults") or 100)
    token = self._get_param("nextToken")
    start = int(base64.b64decode(token)) if token else 0
    page = {"events": events[start:start + min(size, MOST_EVENTS)]}
    if start + size < len(events):
        page["nextToken"] = base64.b64encode(str(start + size).encode()).decode()
    return ActionResult(page)


def _with_stop_date(operation):
    def describe(self):
        action = operation(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if execution.stop_date is not None:
            action.result["stopDate"] = execution.stop_date
        return action

    return describe


def _with_stop_dates(operation):
    def listed(self):
        action = operation(self)
        for item in action.result["executions"]:
            execution = self.stepfunction_backend.describe_execution(item["executionArn"])
            if execution.stop_date is not None:
                item["stopDate"] = execution.stop_date
        return action

    return listed


def _copy_machine(self, memo):
    """moto copies the machine for each execution. A deep copy would take along the locks of the executions before, which cannot be copied."""
    twin = copy.copy(self)
    twin.executions = list(self.executions)
    return twin


def _named(start):
    def start_execution(self, state_machine_arn, name=None, execution_input=None, trace_header=None):
        name = name or str(uuid.uuid4())
        if len(name) > 80 or BAD_NAME.search(name):
            raise InvalidName(f"Invalid Name: '{name}'")
        return start(self, state_machine_arn, name, execution_input, trace_header)

    return start_execution


class _RetryClock:
    """Replaces the module `time` where moto waits before a retry."""

    @staticmethod
    def sleep(seconds):
        _sleep(_retrying.env, "retry", seconds)


def _retried(evaluate):
    def eval_body(self, env):
        _retrying.env = env
        evaluate(self, env)

    return eval_body


def _wait_interval(self, env, wait_seconds):
    _sleep(env, "wait", wait_seconds)


def _sleep(env, kind, seconds):
    data = env.states.context_object.context_object_data
    clock.record(kind, seconds, data["State"]["Name"], data["Execution"]["Id"])
    # Before the wait: the machine's timeout is looked at during it.
    clock.skip(data["Execution"]["Id"], seconds)
    end = time.monotonic() + seconds * clock.scale()
    while env.is_running() and time.monotonic() < end:
        env.program_state_event.wait(max(0.0, end - time.monotonic()))


def _eval_program(self, env):
    """As moto's, with TimeoutSeconds on the emulator's clock: real time and what the scale saved."""
    limit = self.timeout_seconds.timeout_seconds if self.timeout_seconds else None
    env.next_state_name = self.start_at.start_at_name
    worker = threading.Thread(target=lambda: EvalComponent.eval(self, env), daemon=True)
    start = time.monotonic()
    execution = env.states.context_object.context_object_data["Execution"]["Id"]
    worker.start()
    while worker.is_alive():
        worker.join(timeout=None if limit is None else 0.05)
        if limit is not None and worker.is_alive() and time.monotonic() - start + clock.skipped(execution) > limit:
            env.set_timed_out()
            # The worker writes ExecutionTimedOut when it sees it.
            worker.join(timeout=10)
            return
