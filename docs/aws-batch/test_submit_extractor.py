"""python3 -m unittest discover -s docs/aws-batch"""

import unittest

import submit_extractor as step

ARGUMENTS = {"JOB_QUEUE": "queue", "JOB_DEFINITION": "idextractor", "TIMEOUT_SECONDS": "100", "POLL_SECONDS": "10", "WORKFLOW_NAME": "silver", "WORKFLOW_RUN_ID": "wr_1"}


class Batch:
    """The Batch API as far as the step uses it. A job goes through the statuses that it is given, one a look."""

    def __init__(self, statuses, existing=(), exit_code=None, reason=None):
        self.statuses, self.existing = list(statuses), list(existing)
        self.container = {"logStreamName": "extract/default/1"}
        if exit_code is not None:
            self.container.update(exitCode=exit_code, reason=reason or "")
        self.submitted, self.terminated = [], []

    def get_paginator(self, operation):
        assert operation == "list_jobs"
        return self

    def paginate(self, jobQueue, filters):
        assert filters == [{"name": "JOB_NAME", "values": ["idextractor-silver-wr_1"]}]
        return [{"jobSummaryList": self.existing[:1]}, {"jobSummaryList": self.existing[1:]}]

    def submit_job(self, **request):
        self.submitted.append(request)
        return {"jobId": "new"}

    def describe_jobs(self, jobs):
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"jobs": [{"jobId": jobs[0], "status": status, "statusReason": "Essential container in task exited", "attempts": [{}, {}], "container": self.container}]}

    def terminate_job(self, jobId, reason):
        self.terminated.append((jobId, reason))


class Clock:
    """Time that passes by sleeping."""

    def __init__(self):
        self.now, self.naps = 0.0, []

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds

    def read(self):
        return self.now


def run(batch, **changes):
    clock = Clock()
    job = step.run(batch, {**ARGUMENTS, **changes}, sleep=clock.sleep, clock=clock.read)
    return job, clock


class Submitting(unittest.TestCase):
    def test_submits_once_and_returns_when_the_job_has_succeeded(self):
        batch = Batch(["SUBMITTED", "RUNNABLE", "RUNNING", "SUCCEEDED"])
        job, clock = run(batch, TABLE_B="glue://db/accounts")
        self.assertEqual("new", job)
        self.assertEqual([{"jobName": "idextractor-silver-wr_1", "jobQueue": "queue", "jobDefinition": "idextractor", "parameters": {"table_b": "glue://db/accounts"}}], batch.submitted)
        self.assertEqual(3, len(clock.naps))
        self.assertTrue(all(8 <= nap <= 12 for nap in clock.naps))

    def test_waits_for_the_job_of_an_earlier_attempt(self):
        batch = Batch(["RUNNING", "SUCCEEDED"], [{"jobId": "old", "status": "FAILED", "createdAt": 1}, {"jobId": "running", "status": "RUNNING", "createdAt": 2}])
        self.assertEqual("running", run(batch)[0])
        self.assertEqual([], batch.submitted)

    def test_submits_again_after_a_job_that_failed(self):
        batch = Batch(["SUCCEEDED"], [{"jobId": "old", "status": "FAILED", "createdAt": 1}])
        self.assertEqual("new", run(batch)[0])

    def test_name_is_fit_for_batch_however_long_the_workflow_s(self):
        name = step.job_name({"WORKFLOW_NAME": "a b/" * 100, "WORKFLOW_RUN_ID": "wr_1"})
        self.assertRegex(name, r"^idextractor-a-b-[A-Za-z0-9_-]*-wr_1$")
        self.assertEqual(128, len(name))


class Failing(unittest.TestCase):
    def test_every_exit_code_of_the_extractor_is_explained(self):
        for code in (1, 2, 3, 4, 5, 6, 7, 75, 130, 143):
            with self.subTest(code=code), self.assertRaises(step.ExtractionFailed) as failed:
                run(Batch(["FAILED"], exit_code=code))
            text = str(failed.exception)
            self.assertIn("exit code %d, %s" % (code, step.MEANINGS[code]), text)
            self.assertIn("log stream: extract/default/1", text)
            self.assertIn("attempts: 2", text)

    def test_a_code_of_somebody_else_is_said_to_be_one(self):
        with self.assertRaisesRegex(step.ExtractionFailed, "exit code 99, not one of the extractor's"):
            run(Batch(["FAILED"], exit_code=99))

    def test_a_container_that_never_ran_has_a_reason(self):
        batch = Batch(["FAILED"])
        batch.container = {"reason": "CannotPullContainerError"}
        with self.assertRaisesRegex(step.ExtractionFailed, "container: CannotPullContainerError"):
            run(batch)

    def test_a_job_that_takes_too_long_is_terminated(self):
        batch = Batch(["RUNNING"])
        with self.assertRaisesRegex(step.ExtractionFailed, "not done after 100 s; it was RUNNING"):
            run(batch)
        self.assertEqual([("new", "not done after 100 s")], batch.terminated)


class Arguments(unittest.TestCase):
    def test_both_forms_are_read(self):
        arguments = step.read_arguments(["--JOB_QUEUE", "q", "--JOB_DEFINITION=d", "--OUTPUT=s3://b/ids/", "--WORKFLOW_NAME", "w"])
        self.assertEqual(("q", "d", "s3://b/ids/", "w"), tuple(arguments[name] for name in ("JOB_QUEUE", "JOB_DEFINITION", "OUTPUT", "WORKFLOW_NAME")))

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(ValueError, "--JOB_QUEUE, --JOB_DEFINITION"):
            step.read_arguments([])


if __name__ == "__main__":
    unittest.main()
