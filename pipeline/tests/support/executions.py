"""Runs executions of the state machine one at a time, and gathers what a test wants to know of each."""
import json
import time
import uuid

LIMIT = 60


class Execution:
    """An execution that has ended: status, error, cause, states (in order of entering), events, messages, calls and waits."""

    def __init__(self, **facts):
        self.__dict__.update(facts)

    def count(self, operation):
        """How often the state machine made this call, replies of every kind included."""
        return sum(call["operation"] == operation for call in self.calls)

    def retries(self, state):
        """The pauses before the retries of a state, in seconds."""
        return [wait["seconds"] for wait in self.waits if wait["kind"] == "retry" and wait["state"] == state]


class Runner:
    """Executions on a stack. Notifications are read from a queue that is subscribed to the topic."""

    def __init__(self, stack):
        self.stack, self.emulator = stack, stack.emulator
        self.machine, self.topic = stack.outputs["state_machine_arn"], stack.outputs["topic_arn"]
        self.raw = stack.outputs["buckets"]["raw"]
        self.states = self.emulator.client("stepfunctions")
        name = f"messages-{uuid.uuid4().hex[:8]}"
        self._queue = self.emulator.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        arn = self.topic.replace(":sns:", ":sqs:").rpartition(":")[0] + ":" + name
        self._subscription = self.emulator.client("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
        described = self.states.describe_state_machine(stateMachineArn=self.machine)
        self.role = described["roleArn"].rpartition("/")[2]
        self.history = []

    def close(self):
        self.emulator.client("sns").unsubscribe(SubscriptionArn=self._subscription)
        self.emulator.client("sqs").delete_queue(QueueUrl=self._queue)

    def run(self, given):
        """Starts an execution with this input and waits for its end."""
        arn = self.states.start_execution(stateMachineArn=self.machine, name=uuid.uuid4().hex, input=json.dumps(given))["executionArn"]
        return self.follow(arn)

    def follow(self, arn):
        found = self.wait_for(arn)
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"]]
        calls = self.emulator.requests(key=self.role)
        execution = Execution(
            arn=arn, status=found["status"], error=found.get("error"), cause=found.get("cause"), input=json.loads(found["input"]), events=events,
            states=[event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event],
            messages=self.messages(), calls=calls, waits=self.emulator.waits(execution=arn), seconds=(found["stopDate"] - found["startDate"]).total_seconds())
        self.history.append(execution)
        return execution

    def wait_for(self, arn):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            found = self.states.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                return found
            time.sleep(0.05)
        raise TimeoutError(f"{arn} is still running")

    def messages(self):
        """The notifications since the last call: pairs of the message and its attributes."""
        sqs, found = self.emulator.client("sqs"), []
        while batch := sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in batch:
                envelope = json.loads(message["Body"])
                attributes = {name: value["Value"] for name, value in envelope.get("MessageAttributes", {}).items()}
                found.append((json.loads(envelope["Message"]), attributes))
                sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def upload_all(self, sizes):
        """Puts an object of the given size for each key.

        The bucket's notifications are off meanwhile, so no execution starts.
        """
        s3 = self.emulator.client("s3")
        kept = s3.get_bucket_notification_configuration(Bucket=self.raw)
        kept.pop("ResponseMetadata")
        s3.put_bucket_notification_configuration(Bucket=self.raw, NotificationConfiguration={})
        try:
            for key, size in sizes.items():
                s3.put_object(Bucket=self.raw, Key=key, Body=b"x" * size)
        finally:
            s3.put_bucket_notification_configuration(Bucket=self.raw, NotificationConfiguration=kept)
