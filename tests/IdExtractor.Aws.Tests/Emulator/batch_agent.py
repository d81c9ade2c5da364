"""The agent that runs Batch jobs: each attempt is a process with the definition's command, parameters, environment and role.

What runs is the program that stands for the image (batch_images.py), or an outcome (outcomes.py): {"kind": "batch_attempt", "name": JOB
PATTERN, "exit_code": 0 (null: the container never ran), "reason": TEXT, "status_reason": TEXT, "seconds": 1 (null: until it is terminated)}.
Otherwise an attempt succeeds after a second. Times of outcomes and pauses between statuses follow the emulator's clock; processes do not.

- Retries as documented: attempts 1 to 10; conditions of one evaluateOnExit rule are all met, patterns may end in *; the first rule that fits decides; a job
  that no rule fits is retried.
- timeout.attemptDurationSeconds: SIGTERM, 30 s, SIGKILL; the job is not retried.
- Output goes to the definition's awslogs group, stream PREFIX/default/TASK.
"""
import fnmatch
import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid

import batch_images
import clock
import outcomes

PATH_TO_RUNNING = ("PENDING", "RUNNABLE", "STARTING", "RUNNING")
ENDED_ITSELF = "Essential container in task exited"
TOO_LONG = "Job attempt duration exceeded timeout"
KILL_AFTER = 30


def prepare(job):
    job.created = now()
    job._status = "SUBMITTED"
    job.attempts, job.container, job.terminated = [], {}, threading.Event()
    job.reason = job.started = job.stopped = None


def start(job):
    threading.Thread(target=_run, args=(job,), daemon=True).start()


def now():
    return int(time.time() * 1000)


def terminate(job, reason):
    if job._status not in ("SUCCEEDED", "FAILED"):
        job.reason = reason
        job.terminated.set()


def _run(job):
    most = job.retry.get("attempts") or 1
    for number in range(1, most + 1):
        for status in PATH_TO_RUNNING:
            if clock.wait(job.terminated, 1):
                return _end(job, "FAILED")
            job._status = status
        job.started = job.started or now()
        attempt = _attempt(job, number)
        job.attempts.append(attempt)
        job.container = {key: attempt["container"][key] for key in ("exitCode", "reason", "logStreamName", "taskArn") if key in attempt["container"]}
        if job.terminated.is_set():
            return _end(job, "FAILED")
        job.reason = attempt["statusReason"]
        if job.container.get("exitCode") == 0:
            return _end(job, "SUCCEEDED")
        if number == most or job.reason == TOO_LONG or decide(job.retry.get("evaluateOnExit"), attempt) == "EXIT":
            return _end(job, "FAILED")
        job._status = "RUNNABLE"
    return None


def _end(job, status):
    job.stopped = now()
    job._status = status


def decide(rules, attempt):
    """RETRY or EXIT, for an attempt that failed."""
    container = attempt["container"]
    code = container.get("exitCode")
    values = {"onExitCode": None if code is None else str(code), "onReason": container.get("reason") or "", "onStatusReason": attempt["statusReason"] or ""}
    for rule in rules or []:
        conditions = {name: pattern for name, pattern in rule.items() if name in values}
        if all(values[name] is not None and fnmatch.fnmatch(values[name].lower(), pattern.lower()) for name, pattern in conditions.items()):
            return rule["action"].upper()
    return "RETRY"


def _attempt(job, number):
    properties, overrides = job.job_definition.container_properties, job.container_overrides
    stream = log_stream(job)
    began = now()
    rule = outcomes.take("batch_attempt", job.job_name)
    program = batch_images.find(properties["image"]) if rule is None else None
    if program is None:
        rule = {"exit_code": 0, "seconds": 1, **(rule or {})}
        seconds = rule["seconds"]
        limit = _limit(job)
        is_too_long = limit is not None and (seconds is None or seconds > limit)
        stopped = clock.wait(job.terminated, limit if is_too_long else seconds)
        code, reason, why = rule["exit_code"], rule.get("reason"), rule.get("status_reason", ENDED_ITSELF)
        if stopped or is_too_long:
            code, reason, why = 143, None, ENDED_ITSELF if stopped else TOO_LONG
    else:
        code, why = _run_program(job, number, program, properties, overrides, stream)
        reason = None
    container = {"taskArn": f"{job.job_queue.arn.replace('job-queue', 'task')}/{stream[-32:]}", "logStreamName": stream, "networkInterfaces": []}
    if code is not None:
        container["exitCode"] = code
    else:
        del container["logStreamName"]
    if reason:
        container["reason"] = reason
    return {"container": container, "startedAt": began, "stoppedAt": now(), "statusReason": why}


def log_stream(job):
    options = job.job_definition.container_properties.get("logConfiguration", {}).get("options", {})
    return f"{options.get('awslogs-stream-prefix', job.job_definition.name)}/default/{uuid.uuid4().hex}"


def _limit(job):
    return (job.timeout or job.job_definition.timeout or {}).get("attemptDurationSeconds")


def command_of(job):
    """The command with Ref::NAME replaced by parameters: the job's own over the definition's. A name without a value stays."""
    words = job.container_overrides.get("command") or job.job_definition.container_properties.get("command", [])
    return [job.parameters.get(word[5:], word) if word.startswith("Ref::") else word for word in words]


def environment_of(job, number):
    pairs = [*job.job_definition.container_properties.get("environment", []), *job.container_overrides.get("environment", [])]
    return {**{pair["name"]: pair["value"] for pair in pairs}, "AWS_BATCH_JOB_ID": job.job_id, "AWS_BATCH_JOB_ATTEMPT": str(number),
            "AWS_BATCH_JQ_NAME": job.job_queue.name}


def _run_program(job, number, program, properties, overrides, stream):
    words, image_environment = program
    address = f"http://127.0.0.1:{os.environ['MOTO_PORT']}"
    role = (properties.get("jobRoleArn") or "none").rpartition("/")[2]
    machine = {name: os.environ[name] for name in ("PATH", "DOTNET_ROOT", "HOME") if name in os.environ}
    # As on Fargate: no keys in the environment, but an endpoint that has them.
    settings = {**machine, **image_environment, **environment_of(job, number), "AWS_ENDPOINT_URL": address,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{address}/emulator/credentials/{role}"}
    limit = _limit(job)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        process = subprocess.Popen([*words, *command_of(job)], cwd=folder, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        end, why = None if limit is None else time.monotonic() + limit, ENDED_ITSELF
        while process.poll() is None and not job.terminated.wait(0.05):
            if end is not None and time.monotonic() > end:
                why = TOO_LONG
                break
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(KILL_AFTER)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        output.seek(0)
        _write_log(job, stream, output.read().decode("utf-8", "replace"))
    code = process.returncode
    return 128 - code if code < 0 else code, why


def _write_log(job, stream, text):
    group = job.job_definition.container_properties.get("logConfiguration", {}).get("options", {}).get("awslogs-group", "/aws/batch/job")
    logs = job._log_backend
    logs.ensure_log_group(group)
    logs.ensure_log_stream(group, stream)
    lines = [{"timestamp": now(), "message": line} for line in text.splitlines() if line]
    if lines:
        logs.put_log_events(group, stream, lines)


def describe_short(job):
    found = {"jobId": job.job_id, "jobArn": job.arn, "jobName": job.job_name, "createdAt": job.created, "status": job._status,
             "jobDefinition": job.job_definition.arn}
    optional = {"statusReason": job.reason, "startedAt": job.started, "stoppedAt": job.stopped}
    found.update({name: value for name, value in optional.items() if value is not None})
    if "exitCode" in job.container:
        found["container"] = {name: job.container[name] for name in ("exitCode", "reason") if name in job.container}
    return found


def describe(job):
    properties = job.job_definition.container_properties
    container = {"image": properties["image"], "command": command_of(job), "environment": [
        {"name": name, "value": value} for name, value in environment_of(job, len(job.attempts) or 1).items()], **job.container}
    for name in ("jobRoleArn", "executionRoleArn", "user", "readonlyRootFilesystem"):
        if name in properties:
            container[name] = properties[name]
    found = {**describe_short(job), "jobQueue": job.job_queue.arn, "dependsOn": [], "parameters": job.parameters, "attempts": job.attempts,
             "container": container, "retryStrategy": job.retry}
    if _limit(job):
        found["timeout"] = {"attemptDurationSeconds": _limit(job)}
    # The service always sets the member once the job has started.
    found.setdefault("startedAt", 0)
    return found
