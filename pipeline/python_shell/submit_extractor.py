"""Runs the extractor as a step of a Glue workflow: submits the Batch job, waits for it, reports its end, and fails if it failed.

A Glue Python-shell job (Python 3.9, boto3 as Glue ships it). Arguments are the job's default arguments or those of the trigger:

    --JOB_QUEUE NAME --JOB_DEFINITION NAME [--TABLE_A REF] [--TABLE_B REF] [--OUTPUT ROOT] [--TIMEOUT_SECONDS 2400] [--POLL_SECONDS 15]
    [--NOTIFY_TOPIC_ARN ARN]

In a workflow Glue adds --WORKFLOW_NAME and --WORKFLOW_RUN_ID. The Batch job is named after the run, so that a second attempt of this
step finds the job of the first one and waits for it. Standard output is one JSON object per line. The step returns if the job succeeded
and raises ExtractionFailed otherwise. It never calls sys.exit: Glue would mark the run as failed even for exit code 0.
"""

import datetime
import json
import math
import os
import random
import re
import select
import signal
import sys
import time

IN_PROGRESS = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
POLLS_UNTIL_LOST = 3
# Of a call that cannot wait until the timeout, because it is over.
LAST_ATTEMPTS = 10
NAME_LIMIT = 128
THROTTLED = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")

# The README's table, and what to do.
MEANINGS = {
    1: "a defect of this program: report it",
    2: "wrong usage: check the job definition's command and environment",
    3: "configuration or permission: the log names what is missing",
    4: "a guard said no, or the result is empty: look at the data before you override the guard",
    5: "verification failed: what was read back is not what was written",
    6: "partition absent, empty or stale: the log says which",
    7: "input data or a Parquet file is bad, or takes more than --max-memory: the log names the file",
    75: "temporary failure, and the retries are used up: run again later",
    130: "cancelled",
    137: "killed, usually because it ran out of memory: raise the job's memory or lower --max-memory",
    143: "cancelled",
}


class ExtractionFailed(Exception):
    """The Batch job did not succeed. exit_code and log_stream are those of its last attempt; None if there are none."""

    exit_code = None
    log_stream = None


class StopSignal:
    """SIGTERM as something to wait for.

    Without it, the signal could interrupt a call and leave its outcome unknown.
    """

    def __init__(self):
        self._read, write = os.pipe()
        os.set_blocking(write, False)
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.set_wakeup_fd(write)

    def wait(self, seconds):
        """Sleeps for so many seconds, or until the signal comes. Returns whether it came."""
        return bool(select.select([self._read], [], [], max(0.0, seconds))[0])


def read_arguments(argv):
    """Returns the arguments by name, without the leading dashes. Glue passes '--NAME value' and '--NAME=value'; others are ignored."""
    values = {"TIMEOUT_SECONDS": "2400", "POLL_SECONDS": "15"}
    name = None
    for word in argv:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            values[name] = value
            name = None if equals else name
        elif name is not None:
            values[name] = word
            name = None
    missing = ["--" + required for required in ("JOB_QUEUE", "JOB_DEFINITION") if not values.get(required)]
    if missing:
        raise ValueError("missing argument: " + ", ".join(missing))
    for number in ("TIMEOUT_SECONDS", "POLL_SECONDS"):
        values[number] = positive(number, values[number])
    return values


def positive(name, text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ValueError("--%s is %r: it must be a positive number of seconds" % (name, text))
    return value


def job_name(arguments):
    """A name that is the same for every attempt of one workflow run. It ends with the complete run id."""
    run = arguments.get("WORKFLOW_RUN_ID")
    workflow = (arguments.get("WORKFLOW_NAME") or "manual") if run else "manual"
    run = clean(run or time.strftime("%Y%m%d-%H%M%S", time.gmtime()))
    return (clean("idextractor-" + workflow)[: max(0, NAME_LIMIT - 1 - len(run))] + "-" + run)[-NAME_LIMIT:].lstrip("-_")


def clean(text):
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


def is_temporary(error):
    """Throttling, a 5xx reply, or a connection that broke or timed out: the same call may succeed later."""
    import botocore.exceptions as known
    import botocore.parsers

    if isinstance(error, known.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code", "")
        return status >= 500 or status == 429 or any(word in code for word in THROTTLED)
    broken = (known.HTTPClientError, known.ConnectionError, known.IncompleteReadError, botocore.parsers.ResponseParserError)
    return isinstance(error, broken)


def has_not_failed(job):
    return job["status"] in IN_PROGRESS + ("SUCCEEDED",)


def newest(jobs):
    return max(jobs, key=lambda job: job.get("createdAt", 0), default=None)


class Step:
    """One run of the step. `wait(seconds)` sleeps and returns whether SIGTERM came; `clock()` is in seconds."""

    def __init__(self, batch, arguments, wait, clock=time.monotonic):
        self.batch, self.arguments, self.wait, self.clock = batch, arguments, wait, clock
        self.poll = arguments["POLL_SECONDS"]
        self.end = clock() + arguments["TIMEOUT_SECONDS"]
        self.name = job_name(arguments)
        self.job_id = self.status = None
        # The job as DescribeJobs last returned it.
        self.described = {}
        # Jobs of the same name that were there before this step submitted its own.
        self.earlier = set()
        self.trouble = 0

    def run(self):
        """Submits or finds the job and waits for it. Returns its description if it succeeded, raises ExtractionFailed otherwise."""
        job = self.find() or self.submit()
        self.job_id, self.status = job["jobId"], job["status"]
        self.say("found" if job.get("found") else "submitted")
        job = self.follow()
        self.status = job["status"]
        if self.status != "SUCCEEDED":
            raise self.failure(*explain(job))
        self.say("succeeded", logStream=job.get("container", {}).get("logStreamName"))
        return job

    def find(self):
        """The newest job of this name that is in progress or has succeeded; None if there is none."""
        job = self.patiently(self.look, "ListJobs")
        return dict(job, found=True) if job else None

    def look(self):
        jobs = self.list_jobs()
        self.earlier = {job["jobId"] for job in jobs}
        return newest(job for job in jobs if has_not_failed(job))

    def list_jobs(self):
        named = [{"name": "JOB_NAME", "values": [self.name]}]
        pages = self.batch.get_paginator("list_jobs").paginate(jobQueue=self.arguments["JOB_QUEUE"], filters=named)
        # The filter ignores case.
        return [job for page in pages for job in page["jobSummaryList"] if job["jobName"] == self.name]

    def look_for_own(self):
        """The job that a SubmitJob without a reply has made. It counts even if it has failed already, unlike jobs of earlier attempts."""
        return newest(job for job in self.list_jobs() if has_not_failed(job) or job["jobId"] not in self.earlier)

    def submit(self):
        """Submits the job. SubmitJob has no token: after a reply that leaves open whether the job was accepted, it looks for the name."""
        parameters = {name.lower(): self.arguments[name] for name in ("TABLE_A", "TABLE_B", "OUTPUT") if self.arguments.get(name)}
        queue, definition = self.arguments["JOB_QUEUE"], self.arguments["JOB_DEFINITION"]

        def submit_or_find():
            found = self.look_for_own() if self.trouble else None
            if found:
                return dict(found, found=True)
            reply = self.batch.submit_job(jobName=self.name, jobQueue=queue, jobDefinition=definition, parameters=parameters)
            return {"jobId": reply["jobId"], "status": "SUBMITTED"}

        return self.patiently(submit_or_find, "SubmitJob", self.last_look)

    def last_look(self, reason):
        """The step ends while it is open whether the job was accepted: if it was, it is terminated."""
        try:
            job = self.insist(self.look_for_own)
        except Exception as error:  # The step fails with its reason in any case.
            warn("it is not known whether job %s was submitted: %s" % (self.name, error))
            return
        if job:
            self.job_id, self.status = job["jobId"], job["status"]
            if self.status in IN_PROGRESS:
                raise self.terminated(reason)
            raise self.failure("job %s was %s before the step could wait for it: %s" % (self.job_id, self.status, reason))

    def follow(self):
        """The job's description when it has ended."""
        absent = 0
        while True:
            jobs = self.patiently(lambda: self.batch.describe_jobs(jobs=[self.job_id])["jobs"], "DescribeJobs", self.give_up)
            absent = 0 if jobs else absent + 1
            if absent == POLLS_UNTIL_LOST:
                raise self.unfinished("job %s is not known to Batch any more" % self.job_id)
            if jobs:
                self.described = jobs[0]
                if jobs[0]["status"] not in IN_PROGRESS:
                    return jobs[0]
                if jobs[0]["status"] != self.status:
                    self.status = jobs[0]["status"]
                    self.say("waiting")
            self.pause(self.poll, self.give_up)

    def patiently(self, call, operation, on_end=None):
        """Makes a call until it has a reply that says something. The pauses grow from one to two times --POLL_SECONDS."""
        self.trouble = 0
        while True:
            try:
                return call()
            except ExtractionFailed:
                raise
            except Exception as error:
                if not is_temporary(error):
                    raise self.failure("Batch refused %s for job %s: %s" % (operation, self.job_id or self.name, error)) from error
                self.trouble += 1
                if self.trouble == 1:
                    warn("%s: %s; trying again until the timeout" % (operation, error))
            self.pause(min(2 * self.poll, self.poll * 1.2**self.trouble), on_end, longest=2 * self.poll)

    def pause(self, seconds, on_end=None, longest=math.inf):
        """Sleeps with a jitter of a fifth. At the timeout and on SIGTERM it calls on_end(reason), then raises."""
        left = self.end - self.clock()
        seconds = min(seconds * random.uniform(1.0, 1.2), longest)
        if self.poll > self.arguments["TIMEOUT_SECONDS"]:
            seconds = min(seconds, left)
        is_stopped = left > 0 and self.wait(seconds)
        if is_stopped or left <= 0:
            reason = "the step was stopped by SIGTERM" if is_stopped else "not done after %g s" % self.arguments["TIMEOUT_SECONDS"]
            if on_end:
                on_end(reason)
            raise self.failure("job %s was not submitted: %s" % (self.name, reason))

    def give_up(self, reason):
        raise self.terminated(reason)

    def terminated(self, reason):
        """Terminates the job (SIGTERM first, so that its uploads are aborted). Returns the error to raise."""
        try:
            self.insist(lambda: self.batch.terminate_job(jobId=self.job_id, reason=reason))
        except Exception as error:  # The step fails with its reason in any case.
            return self.unfinished("job %s should be terminated: %s. That failed, terminate it by hand: %s" % (self.job_id, reason, error))
        return self.unfinished("job %s was terminated: %s" % (self.job_id, reason), "terminated", reason=reason)

    def insist(self, call):
        """Makes a call that the timeout and SIGTERM do not end: up to LAST_ATTEMPTS times, as long as its errors are temporary."""
        for attempt in range(1, LAST_ATTEMPTS + 1):
            try:
                return call()
            except Exception as error:
                if attempt == LAST_ATTEMPTS or not is_temporary(error):
                    raise
            time.sleep(min(2 * self.poll, 0.25 * 2**attempt, 5.0))

    def unfinished(self, text, event="failed", **more):
        """The error of a job whose end the step does not see, with what was last known of it."""
        facts, code, stream = facts_of(self.described)
        text = "; ".join([text, "it was %s" % self.status] + facts)
        return self.failure(text, code, stream, event, **more)

    def failure(self, text, exit_code=None, log_stream=None, event="failed", reason=None):
        error = ExtractionFailed(text)
        error.exit_code, error.log_stream = exit_code, log_stream
        self.say(event, reason=reason or text, exitCode=exit_code, logStream=log_stream)
        return error

    def say(self, event, **more):
        print(json.dumps(dict(event=event, jobId=self.job_id, jobName=self.name, status=self.status, **more)), flush=True)


def explain(job):
    """One line on a job that failed (reason, exit code and its meaning, attempts, log stream), the exit code and the log stream."""
    container = job.get("container", {})
    text = "job %s failed: %s" % (job["jobId"], job.get("statusReason") or container.get("reason") or "Batch gives no reason")
    parts = ["container: %s" % container["reason"]] if container.get("reason") else []
    facts, code, stream = facts_of(job)
    return "; ".join([text] + parts + facts), code, stream


def facts_of(job):
    """The parts of a message on a job's exit code with its meaning, attempts and log stream; the exit code; the log stream."""
    container = job.get("container", {})
    code, stream = container.get("exitCode"), container.get("logStreamName")
    parts = [
        "no exit code" if code is None else "exit code %d, %s" % (code, MEANINGS.get(code, "not one of the extractor's")),
        "attempts: %d" % len(job.get("attempts", [])),
        "log stream: %s" % stream if stream else "no log stream",
    ]
    return parts, code, stream


def published(s3, root):
    """total_ids, md5_checksum and source_partition of the active file below an output root. What cannot be read is None, and a warning."""
    names = ("total_ids", "md5_checksum", "source_partition")
    metadata = {}
    try:
        place = re.match(r"s3://([^/]+)/?(.*)", root or "")
        if not place:
            raise ValueError("the output is %r, not s3://bucket/prefix/" % root)
        key = "/".join(part for part in (place[2].strip("/"), "active/latest.txt.gz") if part)
        metadata = s3().head_object(Bucket=place[1], Key=key)["Metadata"]
        absent = [name for name in names if name not in metadata]
        if absent:
            raise ValueError("s3://%s/%s has no %s in its metadata" % (place[1], key, ", ".join(absent)))
    except Exception as error:
        warn("the metadata of the active file cannot be read: %s" % error)
    return {name: metadata.get(name) for name in names}


def message_of(step, job, error, s3):
    """The notification's fields. `job` is the description of a job that succeeded, `error` the ExtractionFailed of one that did not."""
    arguments = step.arguments
    place = {"jobId": step.job_id, "jobName": step.name}
    run = {
        "timestamp": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "workflowName": arguments.get("WORKFLOW_NAME"),
        "workflowRunId": arguments.get("WORKFLOW_RUN_ID"),
    }
    if error is None:
        facts = published(s3, arguments.get("OUTPUT") or job.get("parameters", {}).get("output"))
        return dict(status="SUCCESS", message="The extraction succeeded", **place, **facts, **run)
    facts = {"error": {"Error": "ExtractionFailed", "Cause": str(error)}, "exitCode": error.exit_code, "logStream": error.log_stream}
    return dict(status="FAILED", message="The extraction failed. See docs/runbook.md.", **place, **facts, **run)


def notify(sns, topic, message):
    """Sends the message. If that fails, it warns: the outcome of the step is the outcome of the job."""
    try:
        attributes = {"status": {"DataType": "String", "StringValue": message["status"]}}
        subject = "ID extraction: " + message["status"]
        sns().publish(TopicArn=topic, Subject=subject, Message=json.dumps(message), MessageAttributes=attributes)
    except Exception as error:
        warn("the notification was not sent to %s: %s" % (topic, error))


def warn(text):
    print("warning: " + text, file=sys.stderr, flush=True)


def run(client, arguments, wait, clock=time.monotonic):
    """Runs the step. `client(service)` makes a boto3 client. Returns the job's id; raises ExtractionFailed."""
    step = Step(client("batch"), arguments, wait, clock)
    job = error = None
    try:
        job = step.run()
    except ExtractionFailed as failed:
        error = failed
    if arguments.get("NOTIFY_TOPIC_ARN"):
        message = message_of(step, job, error, lambda: client("s3"))
        notify(lambda: client("sns"), arguments["NOTIFY_TOPIC_ARN"], message)
    if error:
        raise error
    return step.job_id


def make_client(service):
    import boto3
    from botocore.config import Config

    # The SDK must not repeat calls of Batch by itself: a second SubmitJob is a second job, and this step has its own pauses.
    attempts = 1 if service == "batch" else 3
    config = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": attempts, "mode": "standard"})
    return boto3.client(service, config=config)


if __name__ == "__main__":
    run(make_client, read_arguments(sys.argv[1:]), StopSignal().wait)
