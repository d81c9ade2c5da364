"""Batch as its user guide describes it; moto without Docker ends each job at once, without a container.

- A job goes through SUBMITTED, PENDING, RUNNABLE, STARTING and RUNNING, and has attempts, exit code, reason and log stream (batch_agent.py).
- SubmitJob honours retryStrategy and parameters; a job definition's name or ARN without a revision means its latest active one.
- ListJobs returns one status (RUNNING) unless asked otherwise, filters by the whole job name or a pattern that ends in *, and pages (maxResults, nextToken).
- TerminateJob ends a job in any status, with its reason.
"""
import base64
import fnmatch
import json
import threading

from moto.batch.exceptions import ClientException
from moto.batch.models import BatchBackend, Job
from moto.batch.responses import BatchResponse
from moto.batch_simple.models import BatchSimpleBackend

import batch_agent

MOST_JOBS = 100

_request = threading.local()


def install():
    BatchResponse.submitjob = _submit_job(BatchResponse.submitjob)
    BatchResponse.listjobs = _list_jobs
    BatchSimpleBackend._mark_job_as_finished = _start
    BatchBackend.get_job_definition = _with_arns(BatchBackend.get_job_definition)
    Job.describe = batch_agent.describe
    Job.describe_short = batch_agent.describe_short
    Job.terminate = batch_agent.terminate
    Job.status = property(lambda job: job._status, lambda job, value: setattr(job, "_status", value))


def _submit_job(submit):
    def submitjob(self):
        _request.retry = self._get_param("retryStrategy")
        return submit(self)

    return submitjob


def _start(self, include_start_attempt, job):
    job.retry = _request.retry or job.job_definition.retry_strategy or {}
    batch_agent.prepare(job)
    self.backend._jobs[job.job_id] = job
    batch_agent.start(job)


def _with_arns(get):
    def get_job_definition(self, identifier):
        text = identifier.partition(":job-definition/")[2] if identifier.startswith("arn:") else identifier
        name, _, revision = text.partition(":")
        if revision:
            return self.get_job_definition_by_name_revision(name, revision)
        active = [one for one in self._job_definitions.values() if one.name == name and one.status == "ACTIVE"]
        return max(active, key=lambda one: one.revision, default=None)

    return get_job_definition


def _list_jobs(self):
    backend = self.batch_backend
    queue = backend.get_job_queue(self._get_param("jobQueue") or "")
    if queue is None:
        raise ClientException(f"Job queue {self._get_param('jobQueue')} does not exist")
    filters = self._get_param("filters") or []
    # moto puts a job into its queue while it makes it. It is listed once it is registered, which is after `prepare`.
    jobs = [job for job in list(queue.jobs) if job.job_id in backend._jobs and all(_fits(job, one) for one in filters)]
    # With a filter the status is ignored and all statuses are returned, except that of the filter's own kind.
    if not filters:
        jobs = [job for job in jobs if job.status == (self._get_param("jobStatus") or "RUNNING")]
    jobs.sort(key=lambda job: job.created, reverse=True)
    token, size = self._get_param("nextToken"), self._get_param("maxResults") or MOST_JOBS
    start = int(base64.b64decode(token)) if token else 0
    page = {"jobSummaryList": [job.describe_short() for job in jobs[start:start + size]]}
    if start + size < len(jobs):
        page["nextToken"] = base64.b64encode(str(start + size).encode()).decode()
    return json.dumps(page)


def _fits(job, asked):
    name, values = asked["name"], asked["values"]
    if name == "JOB_NAME":
        return any(fnmatch.fnmatchcase(job.job_name.lower(), value.lower()) if value.endswith("*") else job.job_name.lower() == value.lower() for value in values)
    if name in ("BEFORE_CREATED_AT", "AFTER_CREATED_AT"):
        return job.created < int(values[0]) if name.startswith("BEFORE") else job.created > int(values[0])
    raise ClientException(f"Unsupported filter {name}")
