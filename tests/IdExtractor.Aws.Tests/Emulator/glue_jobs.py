"""Glue's jobs and crawlers as its API reference describes them; moto has them as records that always succeed.

- UpdateJob, UpdateCrawler and UpdateTrigger change what Terraform changes in place. BatchStopJobRun stops runs.
- A run is RUNNING for a number of looks and then ends as an outcome says (outcomes.py): {"kind": "glue_job_run", "name": JOB,
  "final": "FAILED" | "TIMEOUT" | "STOPPED" | "ERROR" | "SUCCEEDED", "message": TEXT, "polls": 1, "execution_time": 123}.
- A crawler is RUNNING, then STOPPING, then READY, by looks too: {"kind": "crawl", "name": CRAWLER, "running": 1 (null for ever),
  "stopping": 1, "final": "SUCCEEDED" | "CANCELLED" | "FAILED", "message": TEXT}. LastCrawl is the last crawl that has ended.
"""
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.glue import models
from moto.glue.exceptions import CrawlerNotRunningException, CrawlerRunningException
from moto.glue.responses import GlueResponse
from moto.glue.utils import Action, Predicate

import outcomes

JOB_MEMBERS = {
    "Description": "description", "LogUri": "log_uri", "Role": "role", "ExecutionProperty": "execution_property", "Command": "command",
    "DefaultArguments": "default_arguments", "NonOverridableArguments": "non_overridable_arguments", "Connections": "connections",
    "MaxRetries": "max_retries", "AllocatedCapacity": "allocated_capacity", "Timeout": "timeout", "MaxCapacity": "max_capacity",
    "WorkerType": "worker_type", "NumberOfWorkers": "number_of_workers", "SecurityConfiguration": "security_configuration",
    "NotificationProperty": "notification_property", "GlueVersion": "glue_version", "ExecutionClass": "execution_class",
}
CRAWLER_MEMBERS = {
    "Role": "role", "DatabaseName": "database_name", "Description": "description", "Targets": "targets", "Schedule": "schedule",
    "Classifiers": "classifiers", "TablePrefix": "table_prefix", "SchemaChangePolicy": "schema_change_policy", "RecrawlPolicy": "recrawl_policy",
    "LineageConfiguration": "lineage_configuration", "Configuration": "configuration", "CrawlerSecurityConfiguration": "crawler_security_configuration",
}


def install():
    GlueResponse.update_job = _update_job
    GlueResponse.update_crawler = _update_crawler
    GlueResponse.update_trigger = _update_trigger
    GlueResponse.batch_stop_job_run = _stop_runs
    models.FakeJobRun = JobRun
    models.FakeCrawler.start_crawler = _start_crawler
    models.FakeCrawler.stop_crawler = _stop_crawler
    models.FakeCrawler.status = property(_crawler_status)
    models.FakeCrawler.as_dict = _describe_crawler(models.FakeCrawler.as_dict)
    models.GlueBackend.get_crawler = _looked_at(models.GlueBackend.get_crawler)


def _change(target, members, update):
    for member, attribute in members.items():
        if update.get(member) is not None:
            setattr(target, attribute, update[member])


def _update_job(self):
    name = self._get_param("JobName")
    _change(self.glue_backend.get_job(name), JOB_MEMBERS, self._get_param("JobUpdate"))
    return ActionResult({"JobName": name})


def _update_crawler(self):
    _change(self.glue_backend.crawlers[self._get_param("Name")], CRAWLER_MEMBERS, self.parameters)
    return EmptyResult()


def _update_trigger(self):
    trigger = self.glue_backend.get_trigger(self._get_param("Name"))
    update = self._get_param("TriggerUpdate")
    _change(trigger, {"Schedule": "schedule", "Description": "description"}, update)
    if "Actions" in update:
        trigger.actions = [Action(action) for action in update["Actions"]]
    if "Predicate" in update:
        trigger.predicate = Predicate(update["Predicate"])
    return ActionResult({"Trigger": trigger.as_dict()})


def _stop_runs(self):
    name, asked = self._get_param("JobName"), self._get_param("JobRunIds")
    stopped = [run for run in self.glue_backend.get_job(name).job_runs if run.job_run_id in asked]
    for run in stopped:
        run.status = "STOPPED"
    missing = set(asked) - {run.job_run_id for run in stopped}
    errors = [{"JobName": name, "JobRunId": run, "ErrorDetail": {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "no such run"}} for run in missing]
    return ActionResult({"SuccessfulSubmissions": [{"JobName": name, "JobRunId": run.job_run_id} for run in stopped], "Errors": errors})


class JobRun(models.FakeJobRun):
    """A run that ends as its outcome says, after a number of looks."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.outcome = outcomes.take("glue_job_run", self.job_name) or {}
        self.looks = 0

    @property
    def status(self):
        if self.looks == 0:
            return "STARTING"
        return "RUNNING" if self.looks <= self.outcome.get("polls", 1) else self.outcome.get("final", "SUCCEEDED")

    @status.setter
    def status(self, value):
        self.outcome = {**self.outcome, "polls": 0, "final": value}

    def advance(self):
        self.looks += 1

    def as_dict(self):
        run = super().as_dict()
        is_ended = self.status not in ("STARTING", "RUNNING")
        run["ExecutionTime"] = self.outcome.get("execution_time", 123) if is_ended else 0
        if not is_ended:
            del run["CompletedOn"]
        elif "message" in self.outcome:
            run["ErrorMessage"] = self.outcome["message"]
        return run


class Crawl:
    def __init__(self, crawler):
        self.outcome = outcomes.take("crawl", crawler) or {}
        self.looks = 0
        self.log_group, self.log_stream, self.start_time = "/aws-glue/crawlers", crawler, utcnow()
        self.is_cancelled = False

    @property
    def state(self):
        """Of the crawler while this is its latest crawl."""
        running, stopping = self.outcome.get("running", 1), self.outcome.get("stopping", 1)
        if running is None or self.looks <= running:
            return "RUNNING"
        return "STOPPING" if self.looks <= running + stopping else "READY"

    def cancel(self):
        self.is_cancelled = True
        self.outcome = {"running": 0, "stopping": 1}
        self.looks = 0

    def as_last_crawl(self):
        last = {"Status": "CANCELLED" if self.is_cancelled else self.outcome.get("final", "SUCCEEDED")}
        if "message" in self.outcome:
            last["ErrorMessage"] = self.outcome["message"]
        return {**last, "LogGroup": self.log_group, "LogStream": self.log_stream, "MessagePrefix": "crawl", "StartTime": self.start_time}


def _crawler_status(self):
    return self.crawls[-1].state if self.crawls else "READY"


def _looked_at(get):
    def get_crawler(self, name):
        crawler = get(self, name)
        if crawler.crawls:
            crawler.crawls[-1].looks += 1
        return crawler

    return get_crawler


def _start_crawler(self):
    # The backend looks the crawler up before it starts or stops it. A test must not count that as a request.
    if self.crawls:
        self.crawls[-1].looks -= 1
    if self.status != "READY":
        raise CrawlerRunningException(f"Crawler with name {self.name} has already started")
    self.crawls.append(Crawl(self.name))


def _stop_crawler(self):
    if self.crawls:
        self.crawls[-1].looks -= 1
    if self.status != "RUNNING":
        raise CrawlerNotRunningException(f"Crawler with name {self.name} isn't running")
    self.crawls[-1].cancel()


def _describe_crawler(as_dict):
    def describe(self):
        crawls, self.crawls = self.crawls, []
        try:
            found = as_dict(self)
        finally:
            self.crawls = crawls
        found["State"] = self.status
        ended = [crawl for crawl in crawls if crawl.state == "READY"]
        if ended:
            found["LastCrawl"] = ended[-1].as_last_crawl()
        return found

    return describe
