"""Lists the executions of a state machine while one takes long to start. slow_start.py FOLDER, the emulator's."""
import json
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])

import boto3
import state_machines
from moto import mock_aws
from moto.stepfunctions.parser.backend.execution import Execution

starting, start = threading.Event(), Execution.start


def slow_start(self):
    starting.set()
    time.sleep(0.5)
    start(self)


Execution.start = slow_start
state_machines.install()
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 3600, "End": True}}})
    arn = client.create_state_machine(name="m", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")["stateMachineArn"]
    starter = threading.Thread(target=lambda: client.start_execution(stateMachineArn=arn), daemon=True)
    starter.start()
    starting.wait(60)
    print([one["status"] for one in client.list_executions(stateMachineArn=arn)["executions"]], flush=True)
