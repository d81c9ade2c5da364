"""What the state machine must do: for each case the input, the faults and outcomes around it, and how the execution ends.

`check` compares an execution with its scenario: status, error, the one message field by field, how often each service was called, and the
pauses before retries. One retry too many or too few is a difference.
"""
import dataclasses
import datetime
import re

BUCKET = object()
GOOD, DELETED, SMALL, EDGE, PACKED = "raw/taxi/ok.parquet", "raw/taxi/deleted.csv", "raw/taxi/small.csv", "raw/taxi/edge.csv", "raw/taxi/2024-01.CSV.GZ"
OBJECTS = {GOOD: 200, DELETED: 200, SMALL: 99, EDGE: 100, PACKED: 200, "raw/taxi/notes.txt": 200, "other/x.csv": 200}
ACTIVE = "ids/active/latest.txt.gz"
IDS = {"total_ids": "3", "md5_checksum": "7fdfa3ed267d869eab18b755ce475a4f", "source_partition": "ano_mes_dia=20251022"}
CHECKS = 60

COMMON = {"status", "message", "bucket", "key", "timestamp", "workflowExecutionId"}
JOB = {"jobName", "jobRunId", "executionTimeSeconds"}
FIELDS = {"SUCCESS": COMMON | JOB | {"crawlerState"}, "PARTIAL_SUCCESS": COMMON | JOB | {"error"}, "FAILED": COMMON | {"error"}}
OPERATIONS = ("Invoke", "StartJobRun", "StartCrawler", "GetCrawler", "SubmitJob", "HeadObject", "Publish")


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    # The message's status; None if no message arrives.
    message: str = "SUCCESS"
    # The execution's error; None if it succeeds.
    error: str = None
    # error.Error and a pattern in error.Cause of the message; without a message the pattern is of the execution's cause.
    problem: tuple = None
    key: str = GOOD
    given: dict = dataclasses.field(default_factory=dict)
    faults: tuple = ()
    outcomes: tuple = ()
    # Operation -> calls of the state machine.
    calls: dict = dataclasses.field(default_factory=dict)
    # State -> pauses before its retries.
    retries: dict = dataclasses.field(default_factory=dict)
    status: str = None

    @property
    def input(self):
        return {name: value for name, value in {"bucket": BUCKET, "key": self.key, **self.given}.items() if value is not None}


def fault(service, operation, code, times, status=400):
    return {"service": service, "operation": operation, "code": code, "times": times, "status": status}


NO_JOB = {"StartJobRun": 0, "StartCrawler": 0, "GetCrawler": 0, "SubmitJob": 0}
NO_CRAWL = {"StartJobRun": 1, "StartCrawler": 0, "GetCrawler": 0, "SubmitJob": 0}
EXTRACT = {"extract": True}
EXTRACTED = {"SubmitJob": 1, "HeadObject": 1}


def invalid(name, cause, **more):
    return Scenario(f"invalid_{name}", "FAILED", "ValidationFailed", ("InvalidInput", cause), calls={**NO_JOB, "Invoke": 1}, **more)


def lambda_fault(code, times, status):
    return (fault("lambda", "Invoke", code, times, status),)


VALIDATION = (
    invalid("no_key", "no key", key=None),
    invalid("no_bucket", "no bucket", given={"bucket": None}),
    invalid("prefix", "not below raw/taxi/", key="other/x.csv"),
    invalid("type", "types", key="raw/taxi/notes.txt"),
    invalid("never_uploaded", "does not exist", key="raw/taxi/never.csv"),
    invalid("deleted_again", "deleted", key=DELETED),
    invalid("too_small", "99 bytes; the minimum is 100", key=SMALL),
    invalid("folder", "types", key="raw/taxi/folder/"),
    Scenario("valid_at_the_minimum", key=EDGE),
    Scenario("valid_packed_upper_case", key=PACKED),
    *(Scenario(f"validation_{code}_three_times", faults=lambda_fault(code, 3, status), calls={"Invoke": 4}, retries={"ValidateInput": [2, 4, 8]})
      for code, status in (("ServiceException", 500), ("TooManyRequestsException", 429), ("AWSLambdaException", 500), ("SdkClientException", 500))),
    Scenario("validation_service_error_four_times", "FAILED", "ValidationFailed", ("Lambda.ServiceException", "a fault"),
             faults=lambda_fault("ServiceException", 4, 500), calls={**NO_JOB, "Invoke": 4}, retries={"ValidateInput": [2, 4, 8]}),
    # The input may have members of any name and kind besides bucket and key.
    Scenario("validation_service_error_and_other_members", "FAILED", "ValidationFailed", ("Lambda.ServiceException", "a fault"),
             given=dict.fromkeys(("validation", "invalid", "isValid", "input", "error", "notification"), "text"),
             faults=lambda_fault("ServiceException", 4, 500), calls={**NO_JOB, "Invoke": 4}, retries={"ValidateInput": [2, 4, 8]}),
    Scenario("success_with_other_members", calls={"Invoke": 1, "StartJobRun": 1},
             given=dict.fromkeys(("validation", "invalid", "isValid", "job", "check", "crawl", "error", "report"), "text")),
    Scenario("validation_function_missing", "FAILED", "ValidationFailed", ("Lambda.ResourceNotFoundException", "a fault"),
             faults=lambda_fault("ResourceNotFoundException", 1, 404), calls={**NO_JOB, "Invoke": 1}),
    Scenario("validation_denied", "FAILED", "ValidationFailed", ("ClientError", "HeadObject"),
             faults=({**fault("s3", "HeadObject", "AccessDenied", None, 403), "key": None},), calls={**NO_JOB, "Invoke": 1}),
)


def job_ends(state, problem, pattern):
    return Scenario(f"job_{state}", "FAILED", "GlueJobFailed", (problem, pattern), outcomes=({"kind": "glue_job_run", "final": state, "message": "it broke"},),
                    calls={**NO_CRAWL})


def job_fault(name, code, times, error, pauses):
    ended = dict(message="FAILED", error="GlueJobFailed", problem=(f"Glue.{code}", "a fault")) if error else {}
    calls = {**(NO_CRAWL if error else {}), "StartJobRun": len(pauses) + 1}
    return Scenario(name, faults=(fault("glue", "StartJobRun", code, times),), calls=calls, retries={"RunGlueETLJob": pauses}, **ended)


BUSY = [60, 90, 135, 202.5, 303.75]
JOBS = (
    job_ends("FAILED", "States.TaskFailed", "it broke"),
    job_ends("TIMEOUT", "States.TaskFailed", "it broke"),
    job_ends("ERROR", "States.TaskFailed", "it broke"),
    job_ends("STOPPED", "GlueJobSTOPPED", "STOPPED"),
    job_fault("job_busy_five_times", "ConcurrentRunsExceededException", 5, False, BUSY),
    job_fault("job_busy_six_times", "ConcurrentRunsExceededException", 6, True, BUSY),
    job_fault("job_service_error_twice", "InternalServiceException", 2, False, [30, 60]),
    job_fault("job_service_error_three_times", "InternalServiceException", 3, True, [30, 60]),
    job_fault("job_missing", "EntityNotFoundException", 1, True, []),
)


def crawl(name, problem=None, pattern="", looks=None, **outcome):
    ended = dict(message="PARTIAL_SUCCESS", problem=(problem, pattern)) if problem else {}
    return Scenario(name, outcomes=({"kind": "crawl", **outcome},), calls={"StartCrawler": 1, "SubmitJob": 0, **({"GetCrawler": looks} if looks else {})}, **ended)


def start_fault(name, code, times, partial, pauses):
    ended = dict(message="PARTIAL_SUCCESS", problem=(f"Glue.{code}", "a fault")) if partial else {}
    return Scenario(name, faults=(fault("glue", "StartCrawler", code, times),), calls={"StartCrawler": len(pauses) + 1, "SubmitJob": 0},
                    retries={"RunCrawlerUpdate": pauses}, **ended)


def look_reply(name, crawler, **ended):
    reply = {"service": "glue", "operation": "GetCrawler", "action": "reply", "times": 1, "body": {"Crawler": {"Name": "crawler-taxi-raw", **crawler}}}
    return Scenario(name, faults=(reply,), calls={"GetCrawler": 1}, **ended)


CRAWLS = (
    crawl("crawl_quick", looks=1, running=0, stopping=0),
    crawl("crawl_stopping_is_waited_for", looks=4, running=0, stopping=3),
    crawl("crawl_ready_at_the_last_check", looks=CHECKS, running=CHECKS - 2, stopping=1),
    crawl("crawl_failed", "CrawlFAILED", "no table", final="FAILED", message="no table"),
    crawl("crawl_cancelled", "CrawlCANCELLED", "CANCELLED", final="CANCELLED"),
    crawl("crawl_stuck", "CrawlNotFinished", "RUNNING", looks=CHECKS, running=None),
    start_fault("crawler_busy_three_times", "CrawlerRunningException", 3, False, [60, 90, 135]),
    start_fault("crawler_busy_four_times", "CrawlerRunningException", 4, True, [60, 90, 135]),
    start_fault("crawler_slow_twice", "OperationTimeoutException", 2, False, [30, 60]),
    start_fault("crawler_slow_three_times", "OperationTimeoutException", 3, True, [30, 60]),
    start_fault("crawler_missing", "EntityNotFoundException", 1, True, []),
    Scenario("crawler_look_fails_twice", faults=(fault("glue", "GetCrawler", "ThrottlingException", 2),), retries={"CheckCrawlerStatus": [30, 60]}),
    Scenario("crawler_look_fails_three_times", "PARTIAL_SUCCESS", problem=("Glue.ThrottlingException", "a fault"),
             faults=(fault("glue", "GetCrawler", "ThrottlingException", 3),), retries={"CheckCrawlerStatus": [30, 60]}, calls={"GetCrawler": 3}),
    look_reply("crawler_reports_no_crawl", {"State": "READY"}),
    look_reply("crawler_in_unknown_state", {"State": "BROKEN"}, message="PARTIAL_SUCCESS", problem=("CrawlNotFinished", "BROKEN")),
)


def extraction(name, problem=None, pattern="", retries=None, **more):
    ended = dict(message="FAILED", error="ExtractionFailed", problem=(problem, pattern)) if problem else {}
    return Scenario(f"extraction_{name}", given=EXTRACT, retries=retries or {}, **ended, **more)


def submit_fault(code, times, status=400):
    return (fault("batch", "SubmitJob", code, times, status),)


EXTRACTIONS = (
    extraction("succeeds", calls=EXTRACTED),
    extraction("fails_once_and_is_not_submitted_again", "States.TaskFailed", '"ExitCode": ?4', calls={"SubmitJob": 1, "HeadObject": 0},
               outcomes=({"kind": "batch_attempt", "exit_code": 4},)),
    extraction("throttled_three_times", calls={**EXTRACTED, "SubmitJob": 4}, retries={"RunExtraction": [10, 20, 40]},
               faults=submit_fault("TooManyRequestsException", 3, 429)),
    extraction("service_error_four_times", "Batch.ServerException", "a fault", calls={"SubmitJob": 4, "HeadObject": 0},
               retries={"RunExtraction": [10, 20, 40]}, faults=submit_fault("ServerException", 4, 500)),
    extraction("refused", "Batch.ClientException", "a fault", calls={"SubmitJob": 1, "HeadObject": 0}, faults=submit_fault("ClientException", 1)),
    extraction("ids_slow_three_times", calls={**EXTRACTED, "HeadObject": 4}, retries={"ReadIds": [10, 20, 40]},
               faults=(fault("s3", "HeadObject", "SlowDown", 3, 503),)),
    extraction("ids_slow_four_times", "S3.S3Exception", "", calls={**EXTRACTED, "HeadObject": 4}, retries={"ReadIds": [10, 20, 40]},
               faults=(fault("s3", "HeadObject", "SlowDown", 4, 503),)),
    extraction("ids_missing", "S3.NoSuchKeyException", "", calls=EXTRACTED, faults=(fault("s3", "HeadObject", "NoSuchKey", 1, 404),)),
    Scenario("extraction_skipped_after_a_failed_crawl", "PARTIAL_SUCCESS", problem=("CrawlFAILED", "FAILED"), given=EXTRACT,
             outcomes=({"kind": "crawl", "final": "FAILED"},), calls={"SubmitJob": 0, "HeadObject": 0}),
    Scenario("extraction_not_requested", given={"extract": False}, calls={"SubmitJob": 0}),
    Scenario("extraction_requested_as_text", given={"extract": "true"}, calls={"SubmitJob": 0}),
)

TOPIC = [2, 4, 8]


def unsent(name, error, state, times=4, message=None, **more):
    return Scenario(f"topic_{name}", message, error, faults=(*more.pop("faults", ()), fault("sns", "Publish", "InternalError", times, 500)),
                    calls={"Publish": 4}, retries={state: TOPIC}, **more)


NOTIFICATIONS = (
    unsent("fails_three_times", None, "NotifySuccess", 3, "SUCCESS"),
    unsent("down_after_success", "NotificationFailed", "NotifySuccess"),
    unsent("down_after_partial_success", "NotificationFailed", "NotifyPartialSuccess", outcomes=({"kind": "crawl", "final": "FAILED"},),
           problem=("NotificationFailed", "^CrawlFAILED: .*not sent: .*a fault")),
    unsent("down_after_invalid_input", "ValidationFailed", "NotifyValidationFailure", key="other/x.csv"),
    unsent("down_after_failed_job", "GlueJobFailed", "NotifyFailure", outcomes=({"kind": "glue_job_run", "final": "FAILED"},)),
    unsent("down_after_failed_extraction", "ExtractionFailed", "NotifyFailure", given=EXTRACT, outcomes=({"kind": "batch_attempt", "exit_code": 5},)),
    Scenario("topic_denied", None, "NotificationFailed", faults=(fault("sns", "Publish", "AuthorizationError", 4, 403),), calls={"Publish": 4},
             retries={"NotifySuccess": TOPIC}),
)

ENDLESS = (
    Scenario("job_never_ends", None, status="TIMED_OUT", outcomes=({"kind": "glue_job_run", "polls": 10**6},), calls={"StartJobRun": 1, "Publish": 0}),
)

PLAIN = (Scenario("success", calls={"Invoke": 1, "StartJobRun": 1, "StartCrawler": 1, "SubmitJob": 0, "HeadObject": 0, "Publish": 1},
                  outcomes=({"kind": "glue_job_run", "execution_time": 245},)),)

ALL = (*PLAIN, *VALIDATION, *JOBS, *CRAWLS, *EXTRACTIONS, *NOTIFICATIONS, *ENDLESS)


def prepare(runner):
    """Uploads the objects that the scenarios name, and an active file of ids."""
    s3 = runner.emulator.client("s3")
    runner.upload_all(OBJECTS)
    s3.delete_object(Bucket=runner.raw, Key=DELETED)
    s3.put_object(Bucket=runner.stack.outputs["buckets"]["ids"], Key=ACTIVE, Body=b"gz", Metadata=IDS)


def play(runner, scenario):
    """Runs a scenario and returns its execution. Nothing of another scenario is left around it."""
    runner.emulator.forget()
    for rule in scenario.faults:
        rule = {"key": runner.role, **rule}
        if rule["key"] is None:
            del rule["key"]
        runner.emulator.control("POST", "faults", rule)
    for outcome in scenario.outcomes:
        runner.emulator.control("POST", "outcomes", outcome)
    execution = runner.run({name: runner.raw if value is BUCKET else value for name, value in scenario.input.items()})
    runner.emulator.control("DELETE", "faults")
    runner.emulator.control("DELETE", "outcomes")
    settle(runner.emulator.client("glue"))
    return execution


def settle(glue, crawler="crawler-taxi-raw"):
    """Stops a crawler that is still at work, so that the next scenario finds it READY."""
    for _ in range(10):
        state = glue.get_crawler(Name=crawler)["Crawler"]["State"]
        if state == "READY":
            return
        if state == "RUNNING":
            glue.stop_crawler(Name=crawler)
    raise RuntimeError(f"{crawler} does not become READY")


def differences(scenario, execution):
    """What an execution does that its scenario does not expect, as a list of texts."""
    found = []

    def compare(what, expected, actual):
        if expected != actual:
            found.append(f"{what}: expected {expected!r}, found {actual!r}")

    compare("status", scenario.status or ("FAILED" if scenario.error else "SUCCEEDED"), execution.status)
    compare("error", scenario.error, execution.error if execution.status == "FAILED" else None)
    compare("messages", 0 if scenario.message is None else 1, len(execution.messages))
    if scenario.message is None and scenario.problem and not re.search(scenario.problem[1], execution.cause or ""):
        found.append(f"cause: expected {scenario.problem[1]!r} in {execution.cause!r}")
    for message, attributes in execution.messages:
        compare("message attribute", {"status": scenario.message}, attributes)
        found += message_differences(scenario, execution, message)
    for operation, count in {"Publish": 1, **scenario.calls}.items():
        compare(f"calls of {operation}", count, execution.count(operation))
    retried = sorted({wait["state"] for wait in execution.waits if wait["kind"] == "retry"} | set(scenario.retries))
    for state in retried:
        compare(f"retries of {state}", scenario.retries.get(state, []), execution.retries(state))
    if any(wait["seconds"] != 30 for wait in execution.waits if wait["kind"] == "wait"):
        found.append("the crawler is not looked at every 30 s")
    return found


def message_differences(scenario, execution, message):
    found = []
    is_extracted = scenario.message == "SUCCESS" and scenario.given.get("extract") is True
    fields = FIELDS[scenario.message] | ({"extraction"} if is_extracted else set())
    if set(message) != fields:
        return [f"fields: expected {sorted(fields)}, found {sorted(message)}"]
    exact = {"status": scenario.message, "bucket": execution.input.get("bucket"), "key": execution.input.get("key"), "workflowExecutionId": execution.arn}
    if scenario.message != "FAILED":
        exact.update(jobName="job-process-taxi-data", executionTimeSeconds=245 if scenario.name == "success" else 123)
        if not re.fullmatch(r"jr_[0-9a-f]{64}", message["jobRunId"]):
            found.append(f"jobRunId: {message['jobRunId']!r}")
    if scenario.message == "SUCCESS":
        exact.update(message="ETL pipeline completed successfully", crawlerState="READY")
    found += [f"{name}: expected {value!r}, found {message[name]!r}" for name, value in exact.items() if message[name] != value]
    moment = datetime.datetime.fromisoformat(message["timestamp"].replace("Z", "+00:00"))
    if moment.utcoffset() != datetime.timedelta(0):
        found.append(f"timestamp: {message['timestamp']!r} is not UTC")
    if not isinstance(message["message"], str) or not message["message"]:
        found.append("message: no text")
    if is_extracted:
        extracted = dict(message["extraction"])
        if not re.fullmatch(r"[0-9a-f-]{36}", str(extracted.pop("jobId", None))):
            found.append("extraction.jobId: no id")
        if extracted != IDS:
            found.append(f"extraction: expected {IDS}, found {extracted}")
    if scenario.problem:
        found += problem_differences(scenario.problem, message["error"])
    return found


def problem_differences(problem, error):
    if set(error) != {"Error", "Cause"}:
        return [f"error: expected Error and Cause, found {sorted(error)}"]
    found = [] if error["Error"] == problem[0] else [f"error.Error: expected {problem[0]!r}, found {error['Error']!r}"]
    if not isinstance(error["Cause"], str):
        found.append("error.Cause: no text")
    elif not re.search(problem[1], error["Cause"]):
        found.append(f"error.Cause: expected {problem[1]!r} in {error['Cause']!r}")
    return found
