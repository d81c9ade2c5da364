"""The checks of `workflow.py verify`. Each runs, whatever the others find."""

ALARMS = ("ExecutionsFailed", "ExecutionThrottled", "ExecutionTime", "ExecutionsTimedOut")


class Wrong(Exception):
    """A check that is not ok, and what is wrong."""


def errors_of_aws():
    """What a call of the SDK raises: no credentials, no connection, a refusal, or a reply that is none of the service's."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return BotoCoreError, ClientError, ResponseParserError


def run_all(aws, options):
    """The checks as a list of {"name", "resource", "ok", "detail"}; the detail is empty if the check is ok."""
    bucket = options.bucket or f"{aws.account}-oubt-datalake"
    machine = {}
    checks = (
        ("state_machine", options.state_machine, lambda: _state_machine(aws, machine)),
        ("logging", options.state_machine, lambda: _logging(machine)),
        ("tracing", options.state_machine, lambda: _tracing(machine)),
        ("orchestrator", options.function, lambda: _orchestrator(aws, options.function)),
        ("validate_function", options.validate_function, lambda: _function(aws, options.validate_function)),
        ("glue_job", options.job, lambda: aws.client("glue").get_job(JobName=options.job)),
        ("crawler", options.crawler, lambda: aws.client("glue").get_crawler(Name=options.crawler)),
        ("topic", options.topic, lambda: aws.client("sns").get_topic_attributes(TopicArn=aws.arn("sns", options.topic))),
        ("subscriptions", options.topic, lambda: _subscriptions(aws, options.topic)),
        ("upload_trigger", bucket, lambda: _upload_trigger(aws, bucket, options.function)),
        ("alarms", options.state_machine, lambda: _alarms(aws, options.state_machine)),
    )
    return [_run(name, resource, check) for name, resource, check in checks]


def _run(name, resource, check):
    detail = ""
    try:
        check()
    except (Wrong, *errors_of_aws()) as error:
        detail = " ".join(str(error).split())
    return {"name": name, "resource": resource, "ok": not detail, "detail": detail}


def _state_machine(aws, machine):
    machine.update(aws.client("stepfunctions").describe_state_machine(stateMachineArn=aws.machine))
    if machine["status"] != "ACTIVE":
        raise Wrong(f"its status is {machine['status']}, not ACTIVE")


def _logging(machine):
    _need(machine)
    level = machine.get("loggingConfiguration", {}).get("level", "OFF")
    if level != "ALL":
        raise Wrong(f"its log level is {level}, not ALL")


def _tracing(machine):
    _need(machine)
    if not machine.get("tracingConfiguration", {}).get("enabled"):
        raise Wrong("X-Ray tracing is off")


def _need(machine):
    if not machine:
        raise Wrong("the state machine cannot be described")


def _function(aws, name):
    found = aws.client("lambda").get_function_configuration(FunctionName=name)
    if found.get("State", "Active") not in ("Active", "Inactive"):
        raise Wrong(f"its state is {found['State']}: {found.get('StateReason', 'no reason is given')}")
    return found


def _orchestrator(aws, name):
    target = _function(aws, name).get("Environment", {}).get("Variables", {}).get("STATE_MACHINE_ARN")
    if target != aws.machine:
        raise Wrong(f"its STATE_MACHINE_ARN is {target or 'not set'}, not {aws.machine}")


def _subscriptions(aws, topic):
    pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=aws.arn("sns", topic))
    found = [one["SubscriptionArn"] for page in pages for one in page["Subscriptions"]]
    # A subscription that waits for its confirmation has the text PendingConfirmation instead of an ARN.
    if not any(arn.startswith("arn:") for arn in found):
        waiting = f"{len(found)} subscriptions wait for their confirmation, none is confirmed"
        raise Wrong(waiting if found else "there are no subscriptions: no person is notified")


def _upload_trigger(aws, bucket, function):
    found = aws.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    if "EventBridgeConfiguration" in found:
        return
    for one in found.get("LambdaFunctionConfigurations", []):
        called = one["LambdaFunctionArn"].partition(":function:")[2].split(":")[0]
        if called == function and any(event.startswith("s3:ObjectCreated:") for event in one["Events"]):
            return
    raise Wrong(f"the bucket notifies neither {function} of created objects nor EventBridge")


def _alarms(aws, machine):
    prefix = machine.rpartition(":")[2]
    names = [f"{prefix}-{alarm}" for alarm in ALARMS]
    found = {one["AlarmName"]: one for one in aws.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]}
    missing = [name for name in names if name not in found]
    if missing:
        raise Wrong(f"missing: {', '.join(missing)}")
    for name, alarm in found.items():
        watched = {one["Name"]: one["Value"] for one in alarm.get("Dimensions", [])}.get("StateMachineArn", aws.machine)
        if watched != aws.machine:
            raise Wrong(f"{name} watches {watched}")
