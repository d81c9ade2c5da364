"""Runs the extractor as a step of a Glue workflow: submits the Batch job, waits for it, and fails with its reason when it fails.

A Glue Python-shell job (Python 3.9, boto3 as Glue ships it). Arguments, as the job's default arguments or those of the trigger:

    --JOB_QUEUE NAME --JOB_DEFINITION NAME [--TABLE_A REF] [--TABLE_B REF] [--OUTPUT ROOT] [--TIMEOUT_SECONDS 2400] [--POLL_SECONDS 15]

In a workflow Glue adds --WORKFLOW_NAME and --WORKFLOW_RUN_ID. The Batch job is named after the run, so that a second attempt of this step finds the job of the first and waits for that one. The step returns
when the job has succeeded and raises otherwise; it never calls sys.exit, by which Glue would mark the run as failed.
"""

import random
import re
import sys
import time

WAITING = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")

MEANINGS = {
    1: "a defect of the extractor: report it",
    2: "wrong usage: check the job definition's command and environment",
    3: "configuration or permission: something is missing, the log says what",
    4: "a guard said no, or the result is empty: look at the data before overriding the guard",
    5: "verification failed: what was read back is not what was written",
    6: "the partition is absent, empty or stale",
    7: "input data or a Parquet file is bad: the log names the file",
    75: "passing trouble, and the retries are used up: run again later",
    130: "cancelled",
    137: "killed, mostly for want of memory: raise the job's memory or lower --max-memory",
    143: "cancelled",
}


class ExtractionFailed(Exception):
    """The Batch job did not succeed."""


def read_arguments(argv):
    """The arguments as a dictionary, names without dashes; Glue passes '--NAME value' and '--NAME=value'."""
    values = {"TIMEOUT_SECONDS": "2400", "POLL_SECONDS": "15"}
    words = iter(argv)
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            values[name] = value if equals else next(words, "")
    missing = [name for name in ("JOB_QUEUE", "JOB_DEFINITION") if not values.get(name)]
    if missing:
        raise ValueError("missing argument: " + ", ".join("--" + name for name in missing))
    return values


def job_name(arguments):
    """A name that is the same for every attempt of one workflow run; letters, digits, '-' and '_', at most 128."""
    run = arguments.get("WORKFLOW_RUN_ID") or time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    workflow = arguments.get("WORKFLOW_NAME") or "manual"
    tail = "-" + re.sub(r"[^A-Za-z0-9_-]", "-", run)
    return re.sub(r"[^A-Za-z0-9_-]", "-", "idextractor-" + workflow)[: 128 - len(tail)] + tail


def find_job(batch, queue, name):
    """The id of the newest job of a name that is under way or has succeeded; None when there is none."""
    pages = batch.get_paginator("list_jobs").paginate(jobQueue=queue, filters=[{"name": "JOB_NAME", "values": [name]}])
    jobs = [job for page in pages for job in page["jobSummaryList"] if job["status"] in WAITING + ("SUCCEEDED",)]
    return max(jobs, key=lambda job: job.get("createdAt", 0))["jobId"] if jobs else None


def submit(batch, arguments, name):
    """Submits the job and returns its id. What is not given stays as the job definition has it."""
    parameters = {key.lower(): arguments[key] for key in ("TABLE_A", "TABLE_B", "OUTPUT") if arguments.get(key)}
    return batch.submit_job(jobName=name, jobQueue=arguments["JOB_QUEUE"], jobDefinition=arguments["JOB_DEFINITION"], parameters=parameters)["jobId"]


def wait(batch, job_id, timeout, poll, sleep=time.sleep, clock=time.monotonic):
    """The job's description when it has ended. A job that takes too long is terminated: SIGTERM first, so that its uploads are aborted."""
    end = clock() + timeout
    while True:
        job = batch.describe_jobs(jobs=[job_id])["jobs"][0]
        if job["status"] not in WAITING:
            return job
        if clock() >= end:
            reason = "not done after %d s" % timeout
            batch.terminate_job(jobId=job_id, reason=reason)
            raise ExtractionFailed("job %s was terminated: %s; it was %s" % (job_id, reason, job["status"]))
        sleep(poll * random.uniform(0.8, 1.2))


def explain(job):
    """One line on a job that failed: reason, exit code and what it means, attempts, log stream."""
    container = job.get("container", {})
    code = container.get("exitCode")
    parts = ["job %s failed: %s" % (job["jobId"], job.get("statusReason") or container.get("reason") or "no reason is given")]
    if container.get("reason"):
        parts.append("container: %s" % container["reason"])
    if code is not None:
        parts.append("exit code %d, %s" % (code, MEANINGS.get(code, "not one of the extractor's")))
    parts.append("attempts: %d" % len(job.get("attempts", [])))
    if container.get("logStreamName"):
        parts.append("log stream: %s" % container["logStreamName"])
    return "; ".join(parts)


def run(batch, arguments, **clocks):
    """Submits or finds the job and waits for it. Returns its id when it succeeded."""
    name = job_name(arguments)
    job_id = find_job(batch, arguments["JOB_QUEUE"], name)
    print("%s job %s" % ("found" if job_id else "submitting", job_id or name))
    job_id = job_id or submit(batch, arguments, name)
    job = wait(batch, job_id, int(arguments["TIMEOUT_SECONDS"]), float(arguments["POLL_SECONDS"]), **clocks)
    if job["status"] != "SUCCEEDED":
        raise ExtractionFailed(explain(job))
    print("job %s succeeded; log stream %s" % (job_id, job.get("container", {}).get("logStreamName", "unknown")))
    return job_id


if __name__ == "__main__":
    import boto3

    run(boto3.client("batch"), read_arguments(sys.argv[1:]))
