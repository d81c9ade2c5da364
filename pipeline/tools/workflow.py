#!/usr/bin/env python3
"""Checks, starts and looks at the ETL state machine.

    workflow.py verify   [--function NAME] [--validate-function NAME] [--job NAME] [--crawler NAME] [--topic NAME] [--bucket NAME]
    workflow.py start    --bucket B --key K [--extract] [--name N] [--wait] [--timeout S]
    workflow.py list     [--status S] [--max N]
    workflow.py history  --execution-arn ARN

All commands take --json (one JSON object on stdout), --region, --endpoint-url and --state-machine NAME (etl-pipeline-workflow).
Exit 0: success. 1: the answer is no. 2: usage error. 3: it does not exist, the name is taken, or there are no credentials, no permission
or no endpoint; one line on stderr says which. Needs boto3 and nothing else.
"""
import argparse
import datetime
import functools
import json
import os
import sys
import time
import uuid

STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE")
SLOWEST_POLL = 10


class NoAnswer(Exception):
    """What was asked for does not exist or cannot be reached: exit 3."""


class Aws:
    """Clients for one region and endpoint, and the ARNs that names stand for."""

    def __init__(self, options):
        self._options, self._clients = options, {}

    @functools.cached_property
    def _identity(self):
        """Only names need it: a command that gets ARNs works without STS."""
        return self.client("sts").get_caller_identity()

    @property
    def account(self):
        return self._identity["Account"]

    def client(self, service):
        import boto3
        from botocore.config import Config

        if service not in self._clients:
            retries = {"mode": "standard", "total_max_attempts": 4}
            config = Config(retries=retries, connect_timeout=5, read_timeout=30, s3={"addressing_style": "path"})
            place = {"region_name": self._options.region, "endpoint_url": self._options.endpoint_url}
            self._clients[service] = boto3.client(service, config=config, **place)
        return self._clients[service]

    def arn(self, service, resource):
        partition = self._identity["Arn"].split(":")[1]
        return f"arn:{partition}:{service}:{self.client('sts').meta.region_name}:{self.account}:{resource}"

    @property
    def machine(self):
        name = self._options.state_machine
        return name if name.startswith("arn:") else self.arn("states", f"stateMachine:{name}")


def verify(aws, options):
    import workflow_checks

    # Without an identity no check can say anything: that is no answer, not a failed check.
    _ = aws.account
    checks = workflow_checks.run_all(aws, options)
    for check in checks:
        found = "ok  " if check["ok"] else "FAIL"
        print_text(options, f"{found}  {check['name']:<18} {check['resource']}" + (f": {check['detail']}" if check["detail"] else ""))
    ok = all(check["ok"] for check in checks)
    wrong = sum(not check["ok"] for check in checks)
    print_text(options, "All checks are ok." if ok else f"{wrong} of {len(checks)} checks failed.")
    return ok, {"command": "verify", "ok": ok, "checks": checks}


def start(aws, options):
    states = aws.client("stepfunctions")
    name = options.name or f"manual-{datetime.datetime.now(datetime.timezone.utc):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    given = {"bucket": options.bucket, "key": options.key, "extract": options.extract}
    try:
        begun = states.start_execution(stateMachineArn=aws.machine, name=name, input=json.dumps(given))
    except states.exceptions.ExecutionAlreadyExists:
        raise NoAnswer(f"the name {name} is taken: an execution of the last 90 days has it; choose another --name") from None
    arn = begun["executionArn"]
    print_text(options, f"started {name}\n  {arn}")
    found = {"status": "RUNNING", "startDate": begun["startDate"]}
    if options.wait:
        found = wait_for(states, arn, options.timeout)
    report = {"command": "start", "executionArn": arn, "name": name, "status": found["status"], **dates(found)}
    report.update(error=found.get("error"), cause=found.get("cause"))
    if options.wait:
        print_text(options, f"  {found['status']}" + (f" after {options.timeout} s, still running" if found["status"] == "RUNNING" else ""))
        if report["error"]:
            print_text(options, f"  {report['error']}: {report['cause']}")
    return not options.wait or found["status"] == "SUCCEEDED", report


def wait_for(states, arn, timeout):
    """The execution's description when it has ended, or at the timeout."""
    end, pause = time.monotonic() + timeout, 0.5
    while True:
        found = states.describe_execution(executionArn=arn)
        left = end - time.monotonic()
        if found["status"] != "RUNNING" or left <= 0:
            return found
        time.sleep(min(pause, left))
        pause = min(SLOWEST_POLL, pause * 1.5)


def list_executions(aws, options):
    fits = {"statusFilter": options.status} if options.status else {}
    pages = aws.client("stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=aws.machine, PaginationConfig={"MaxItems": options.max, "PageSize": min(options.max, 1000)}, **fits)
    found = sorted((one for page in pages for one in page["executions"]), key=lambda one: one["startDate"], reverse=True)
    executions = [{"executionArn": one["executionArn"], "name": one["name"], "status": one["status"], **dates(one)} for one in found]
    for one in executions:
        print_text(options, f"{one['startDate']}  {one['status']:<9}  {one['name']}\n  {one['executionArn']}")
    if not executions:
        print_text(options, "no executions")
    return True, {"command": "list", "executions": executions}


def history(aws, options):
    states = aws.client("stepfunctions")
    status = states.describe_execution(executionArn=options.execution_arn)["status"]
    pages = states.get_paginator("get_execution_history").paginate(executionArn=options.execution_arn, PaginationConfig={"PageSize": 1000})
    raw = [event for page in pages for event in page["events"]]
    entered, events = [], []
    state_of = {0: None}
    for event in raw:
        name = member(event, "stateEnteredEventDetails", "name") or member(event, "stateExitedEventDetails", "name")
        # An event without a state of its own belongs to the state of the event before it.
        state_of[event["id"]] = name or state_of.get(event.get("previousEventId", 0))
        if "stateEnteredEventDetails" in event:
            entered.append(name)
        about = {"state": state_of[event["id"]], "detail": detail_of(event)}
        events.append({"id": event["id"], "timestamp": iso(event["timestamp"]), "type": event["type"], **about})
    for event in events:
        line = f"{event['timestamp']}  {event['type']:<22} {event['state'] or ''}"
        print_text(options, line + (f"\n    {event['detail']}" if event["detail"] else ""))
    print_text(options, f"{status}: {' -> '.join(entered)}")
    return True, {"command": "history", "executionArn": options.execution_arn, "status": status, "states": entered, "events": events}


def member(event, details, name):
    return event.get(details, {}).get(name)


def detail_of(event):
    """Error and cause of an event, or the resource that a task calls; empty for others."""
    for name, details in event.items():
        if name.endswith("EventDetails"):
            told = [details[part] for part in ("error", "cause") if details.get(part)]
            if told:
                return ": ".join(told)
            if "resourceType" in details and event["type"] == "TaskScheduled":
                return f"{details['resourceType']}:{details['resource']}"
    return ""


def dates(found):
    return {"startDate": iso(found.get("startDate")), "stopDate": iso(found.get("stopDate"))}


def iso(moment):
    return None if moment is None else moment.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def print_text(options, text):
    if not options.json:
        print(text)


def read_options(argv):
    shared = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    shared.add_argument("--json", action="store_true", help="print one JSON object")
    shared.add_argument("--region", metavar="NAME", help="default: that of the environment or the profile")
    shared.add_argument("--endpoint-url", metavar="URL", type=url, help="instead of AWS")
    shared.add_argument("--state-machine", metavar="NAME", type=filled, default="etl-pipeline-workflow", help="default: %(default)s")
    about = "Checks, starts and looks at the ETL state machine."
    parser = argparse.ArgumentParser(prog="workflow.py", description=about, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, action, text):
        added = commands.add_parser(name, parents=[shared], help=text, description=text, allow_abbrev=False)
        added.set_defaults(action=action)
        return added

    checks = command("verify", verify, "checks that everything is deployed and connected; exit 1 if something is not")
    names = {
        "--function": "etl-orchestrator", "--validate-function": "etl-orchestrator-validate-input", "--job": "job-process-taxi-data",
        "--crawler": "crawler-taxi-raw", "--topic": "etl-pipeline-notifications",
    }
    for option, default in names.items():
        checks.add_argument(option, metavar="NAME", type=filled, default=default, help="default: %(default)s")
    checks.add_argument("--bucket", metavar="NAME", type=filled, help="default: ACCOUNT-oubt-datalake")
    run = command("start", start, "starts an execution for an object; with --wait, exit 1 unless it succeeds in time")
    run.add_argument("--bucket", metavar="B", type=filled, required=True)
    run.add_argument("--key", metavar="K", type=filled, required=True)
    run.add_argument("--extract", action="store_true", help="run the extraction after the crawler")
    run.add_argument("--name", metavar="N", type=filled, help="of the execution; default: manual-TIME-RANDOM")
    run.add_argument("--wait", action="store_true", help="until it has ended")
    run.add_argument("--timeout", metavar="S", type=at_least_one, default=3600, help="seconds to wait; default: %(default)s")
    some = command("list", list_executions, "lists executions, newest first")
    some.add_argument("--status", metavar="S", choices=STATUSES, help=", ".join(STATUSES))
    some.add_argument("--max", metavar="N", type=at_least_one, default=20, help="default: %(default)s")
    events = command("history", history, "lists the events of an execution")
    events.add_argument("--execution-arn", metavar="ARN", type=filled, required=True)
    return parser.parse_args(argv)


def at_least_one(text):
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return value


def filled(text):
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def url(text):
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is not an http or https URL")
    return text


def main(argv=None):
    options = read_options(argv)
    from workflow_checks import errors_of_aws

    try:
        expected = (NoAnswer, ValueError, *errors_of_aws())
    except ImportError:
        return fail("boto3 is not installed (pip install boto3)")
    try:
        is_yes, report = options.action(Aws(options), options)
    except expected as error:
        return fail(str(error))
    if options.json:
        print(json.dumps(report))
    return 0 if is_yes else 1


def fail(text):
    print(f"error: {' '.join(text.split())}", file=sys.stderr)
    return 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # The execution of start --wait goes on.
        sys.exit(130)
    except BrokenPipeError:
        # The reader of the output has closed it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
