"""The step's logic on a clock of its own: waits of 40 minutes, pauses, names, arguments. Its process is tested in test_submit_extractor_process.py."""
import contextlib
import io
import json
import random
import re
import unittest

from support import step as support

step = support.module()
README = support.ROOT / "README.md"
ARGUMENTS = ["--JOB_QUEUE", "queue", "--JOB_DEFINITION", "idextractor", "--TIMEOUT_SECONDS", "100", "--POLL_SECONDS", "10",
             "--WORKFLOW_NAME", "silver", "--WORKFLOW_RUN_ID", "wr_1"]


class Temporary(Exception):
    """Stands for throttling. is_temporary itself is tested with real errors, in the process."""


class Batch:
    """The Batch API as far as the step uses it. A job goes through the statuses that it is given, one per look; an exception is raised instead."""

    def __init__(self, statuses, existing=(), exit_code=None, reason=None):
        self.statuses, self.existing = list(statuses), list(existing)
        self.container = {"logStreamName": "extract/default/1"}
        if exit_code is not None:
            self.container.update(exitCode=exit_code, reason=reason or "")
        self.submitted, self.terminated, self.calls = [], [], 0
        # Errors of the first calls of TerminateJob.
        self.terminations = []

    def get_paginator(self, operation):
        assert operation == "list_jobs"
        return self

    def paginate(self, jobQueue, filters):
        self.calls += 1
        name = filters[0]["values"][0]
        jobs = [{"jobName": name, **job} for job in self.existing]
        return [{"jobSummaryList": jobs[:1]}, {"jobSummaryList": jobs[1:]}]

    def submit_job(self, **request):
        self.calls += 1
        self.submitted.append(request)
        return {"jobId": "new"}

    def describe_jobs(self, jobs):
        self.calls += 1
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if isinstance(status, Exception):
            raise status
        if status is None:
            return {"jobs": []}
        return {"jobs": [{"jobId": jobs[0], "status": status, "statusReason": "Essential container in task exited", "attempts": [{}, {}],
                          "container": self.container}]}

    def terminate_job(self, jobId, reason):
        self.calls += 1
        if self.terminations:
            raise self.terminations.pop(0)
        self.terminated.append((jobId, reason))


class Clock:
    """Time that passes by sleeping."""

    def __init__(self):
        self.now, self.naps = 0.0, []

    def wait(self, seconds):
        self.naps.append(seconds)
        self.now += seconds
        return False

    def read(self):
        return self.now


def run(batch, *words, is_temporary=lambda error: isinstance(error, Temporary)):
    clock, output = Clock(), io.StringIO()
    random.seed(14)
    step.is_temporary, kept = is_temporary, step.is_temporary
    # A pause after the timeout is not one of the step's clock.
    step.time.sleep, slept = lambda _: None, step.time.sleep
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            job = step.run(lambda service: batch, step.read_arguments([*ARGUMENTS, *words]), clock.wait, clock.read)
    finally:
        step.is_temporary, step.time.sleep = kept, slept
        clock.events = [json.loads(line) for line in output.getvalue().splitlines()]
        run.clock = clock
    return job, clock


class Submitting(unittest.TestCase):
    def test_submits_once_and_returns_when_the_job_has_succeeded(self):
        batch = Batch(["SUBMITTED", "RUNNABLE", "RUNNABLE", "RUNNING", "SUCCEEDED"])
        job, clock = run(batch, "--TABLE_B", "glue://db/accounts")
        self.assertEqual("new", job)
        self.assertEqual([{"jobName": "idextractor-silver-wr_1", "jobQueue": "queue", "jobDefinition": "idextractor",
                           "parameters": {"table_b": "glue://db/accounts"}}], batch.submitted)
        self.assertEqual(4, len(clock.naps))
        self.assertTrue(all(10 <= nap <= 12 for nap in clock.naps), clock.naps)
        self.assertEqual([("submitted", "SUBMITTED"), ("waiting", "RUNNABLE"), ("waiting", "RUNNING"), ("succeeded", "SUCCEEDED")],
                         [(event["event"], event["status"]) for event in clock.events])

    def test_waits_for_the_job_of_an_earlier_attempt(self):
        batch = Batch(["RUNNING", "SUCCEEDED"], [{"jobId": "old", "status": "FAILED", "createdAt": 1}, {"jobId": "running", "status": "RUNNING", "createdAt": 2}])
        self.assertEqual("running", run(batch)[0])
        self.assertEqual([], batch.submitted)
        self.assertEqual(["found", "succeeded"], [event["event"] for event in run.clock.events])

    def test_submits_again_after_a_job_that_failed(self):
        batch = Batch(["SUCCEEDED"], [{"jobId": "old", "status": "FAILED", "createdAt": 1}])
        self.assertEqual("new", run(batch)[0])

    def lost(self, batch, job):
        """The first SubmitJob makes this job, but its reply is lost."""
        submit = batch.submit_job

        def submit_job(**request):
            batch.submit_job = submit
            submit(**request)
            batch.existing.append(job)
            raise Temporary()

        batch.submit_job = submit_job

    def test_own_job_counts_after_a_lost_reply_even_if_it_has_failed(self):
        batch = Batch(["FAILED"], [{"jobId": "old", "status": "FAILED", "createdAt": 9}], exit_code=4)
        self.lost(batch, {"jobId": "own", "status": "FAILED", "createdAt": 2})
        with self.assertRaisesRegex(step.ExtractionFailed, "job own failed: .*exit code 4"):
            run(batch)
        self.assertEqual(1, len(batch.submitted))
        self.assertEqual([("found", "own"), ("failed", "own")], [(event["event"], event["jobId"]) for event in run.clock.events])

    def test_timeout_while_the_reply_is_open_names_a_job_that_has_ended(self):
        batch = Batch(["FAILED"])
        self.lost(batch, {"jobId": "own", "status": "FAILED", "createdAt": 2})
        paginate, troubles = batch.paginate, [None, Temporary()]

        def paginate_once_in_trouble(**request):
            trouble = troubles.pop(0) if troubles else None
            if trouble:
                raise trouble
            return paginate(**request)

        batch.paginate = paginate_once_in_trouble
        with self.assertRaisesRegex(step.ExtractionFailed, "job own was FAILED before the step could wait for it: not done after 5 s"):
            run(batch, "--TIMEOUT_SECONDS", "5", "--POLL_SECONDS", "6")
        self.assertEqual([], batch.terminated)
        self.assertEqual("own", run.clock.events[-1]["jobId"])

    def test_a_name_in_another_case_is_another_job(self):
        batch = Batch(["SUCCEEDED"], [{"jobId": "other", "status": "RUNNING", "jobName": "IDEXTRACTOR-SILVER-WR_1"}])
        self.assertEqual("new", run(batch)[0])


class Waiting(unittest.TestCase):
    def test_forty_minutes_take_fewer_than_200_calls(self):
        batch = Batch(["RUNNING"])
        with self.assertRaises(step.ExtractionFailed):
            run(batch, "--TIMEOUT_SECONDS", "2400", "--POLL_SECONDS", "15")
        self.assertLess(batch.calls, 200)
        self.assertGreaterEqual(min(run.clock.naps), 15)
        self.assertLess(run.clock.now, 2400 + 18)

    def test_trouble_is_waited_out_with_growing_pauses(self):
        job, clock = run(Batch(["RUNNING", *[Temporary()] * 12, "SUCCEEDED"]), "--TIMEOUT_SECONDS", "1000")
        self.assertEqual("new", job)
        self.assertTrue(all(10 <= nap <= 20 for nap in clock.naps), clock.naps)
        self.assertGreater(clock.naps[5], clock.naps[0])
        self.assertEqual(20, clock.naps[-1])

    def test_trouble_lasts_no_longer_than_the_timeout(self):
        batch = Batch(["RUNNING", Temporary()])
        with self.assertRaisesRegex(step.ExtractionFailed, "not done after 100 s"):
            run(batch)
        self.assertEqual([("new", "not done after 100 s")], batch.terminated)

    def test_a_job_that_takes_too_long_is_terminated(self):
        batch = Batch(["RUNNING"])
        with self.assertRaisesRegex(step.ExtractionFailed, "job new was terminated: not done after 100 s; it was RUNNING"):
            run(batch)
        self.assertEqual([("new", "not done after 100 s")], batch.terminated)
        self.assertEqual("terminated", run.clock.events[-1]["event"])

    def test_terminating_is_repeated_while_its_errors_are_temporary(self):
        batch = Batch(["RUNNING"])
        batch.terminations = [Temporary() for _ in range(9)]
        with self.assertRaisesRegex(step.ExtractionFailed, "was terminated"):
            run(batch)
        self.assertEqual([("new", "not done after 100 s")], batch.terminated)

    def test_refused_termination_asks_for_a_person(self):
        batch = Batch(["RUNNING"])
        batch.terminations = [PermissionError("AccessDenied")]
        with self.assertRaisesRegex(step.ExtractionFailed, "should be terminated: .*terminate it by hand: AccessDenied; it was RUNNING"):
            run(batch)
        self.assertEqual([], batch.terminated)
        self.assertEqual("failed", run.clock.events[-1]["event"])

    def test_error_of_a_terminated_job_says_what_was_last_known(self):
        with self.assertRaises(step.ExtractionFailed) as caught:
            run(Batch(["RUNNING"]))
        self.assertIn("; no exit code; attempts: 2; log stream: extract/default/1", str(caught.exception))
        self.assertEqual((None, "extract/default/1"), (caught.exception.exit_code, caught.exception.log_stream))

    def test_timeout_while_the_reply_is_open_looks_until_there_is_a_reply(self):
        batch = Batch(["RUNNING"])
        paginate, troubles = batch.paginate, [None, *[Temporary()] * 9]

        def paginate_after_trouble(**request):
            trouble = troubles.pop(0) if troubles else None
            if trouble:
                raise trouble
            return paginate(**request)

        def submit_without_reply(**request):
            batch.submitted.append(request)
            batch.existing.append({"jobId": "own", "status": "RUNNABLE", "createdAt": 2})
            raise Temporary()

        batch.paginate, batch.submit_job = paginate_after_trouble, submit_without_reply
        with self.assertRaisesRegex(step.ExtractionFailed, "job own was terminated: not done after 5 s; it was RUNNABLE"):
            run(batch, "--TIMEOUT_SECONDS", "5", "--POLL_SECONDS", "6")
        self.assertEqual([("own", "not done after 5 s")], batch.terminated)
        self.assertEqual(1, len(batch.submitted))

    def test_a_job_that_disappears_ends_the_step_after_three_looks(self):
        batch = Batch(["RUNNING", None, None, "RUNNING", None, None, None, "SUCCEEDED"])
        with self.assertRaisesRegex(step.ExtractionFailed, "job new is not known to Batch any more; it was RUNNING"):
            run(batch)
        self.assertEqual(["SUCCEEDED"], batch.statuses)
        self.assertEqual("failed", run.clock.events[-1]["event"])

    def test_refused_calls_end_the_step_at_once(self):
        batch = Batch(["RUNNING", PermissionError("AccessDenied")])
        with self.assertRaisesRegex(step.ExtractionFailed, "Batch refused DescribeJobs for job new: AccessDenied"):
            run(batch)
        self.assertEqual(["submitted", "waiting", "failed"], [event["event"] for event in run.clock.events])


class Failing(unittest.TestCase):
    def test_every_exit_code_has_the_meaning_of_the_readme(self):
        table = README.read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| ([\d, ]+) \| ([^|]+) \|", table, re.MULTILINE)
        meanings = {int(code): meaning.strip().replace("`", "") for codes, meaning in rows for code in codes.split(",")}
        self.assertEqual(set(step.MEANINGS), set(meanings) - {0} | {137})
        for code, meaning in meanings.items():
            if code == 0:
                continue
            with self.subTest(code=code), self.assertRaises(step.ExtractionFailed) as failed:
                run(Batch(["FAILED"], exit_code=code))
            text = str(failed.exception)
            self.assertIn("exit code %d, %s" % (code, meaning), text)
            self.assertIn("log stream: extract/default/1", text)
            self.assertIn("attempts: 2", text)

    def test_a_code_of_another_program_is_named_as_such(self):
        with self.assertRaisesRegex(step.ExtractionFailed, "exit code 99, not one of the extractor's"):
            run(Batch(["FAILED"], exit_code=99))

    def test_a_container_that_never_ran_has_a_reason(self):
        batch = Batch(["FAILED"])
        batch.container = {"reason": "CannotPullContainerError"}
        with self.assertRaisesRegex(step.ExtractionFailed, "container: CannotPullContainerError; no exit code; attempts: 2; no log stream"):
            run(batch)


class Names(unittest.TestCase):
    def test_other_characters_become_dashes_and_the_run_id_stays_complete(self):
        name = step.job_name({"WORKFLOW_NAME": "a b/" * 100, "WORKFLOW_RUN_ID": "wr_" + "0" * 64})
        self.assertRegex(name, r"^idextractor-a-b-[A-Za-z0-9_-]*-wr_0{64}$")
        self.assertEqual(128, len(name))
        self.assertEqual("idextractor-silver-wr-1", step.job_name({"WORKFLOW_NAME": "silver", "WORKFLOW_RUN_ID": "wr:1"}))

    def test_without_a_run_id_the_name_has_the_time(self):
        for arguments in ({}, {"WORKFLOW_NAME": "silver"}, {"WORKFLOW_RUN_ID": ""}):
            self.assertRegex(step.job_name(arguments), r"^idextractor-manual-\d{8}-\d{6}$")

    def test_a_run_id_of_any_length_gives_a_valid_name(self):
        for length in (1, 115, 116, 117, 127, 128, 129, 500):
            name = step.job_name({"WORKFLOW_NAME": "silver", "WORKFLOW_RUN_ID": "r" * length})
            self.assertRegex(name, r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$")
            self.assertTrue(name.endswith("r" * min(length, 128)))


class Arguments(unittest.TestCase):
    def test_both_forms_are_read_and_others_ignored(self):
        arguments = step.read_arguments(["--job-bookmark-option", "job-bookmark-disable", "--enable-metrics", "--JOB_QUEUE", "q", "--JOB_DEFINITION=d",
                                         "--OUTPUT=s3://b/ids/?x=1", "--WORKFLOW_NAME", "w", "--TempDir"])
        self.assertEqual(("q", "d", "s3://b/ids/?x=1", "w", 2400.0, 15.0), tuple(arguments[name] for name in (
            "JOB_QUEUE", "JOB_DEFINITION", "OUTPUT", "WORKFLOW_NAME", "TIMEOUT_SECONDS", "POLL_SECONDS")))

    def test_missing_ones_are_named(self):
        with self.assertRaisesRegex(ValueError, "--JOB_QUEUE, --JOB_DEFINITION"):
            step.read_arguments([])
        with self.assertRaisesRegex(ValueError, "missing argument: --JOB_QUEUE$"):
            step.read_arguments(["--JOB_QUEUE", "--JOB_DEFINITION", "d"])

    def test_numbers_must_be_positive(self):
        for name in ("TIMEOUT_SECONDS", "POLL_SECONDS"):
            for value in ("0", "-1", "x", "", "nan", "inf", "1,5"):
                with self.subTest(name=name, value=value), self.assertRaisesRegex(ValueError, "--" + name):
                    step.read_arguments(["--JOB_QUEUE=q", "--JOB_DEFINITION=d", "--%s=%s" % (name, value)])


if __name__ == "__main__":
    unittest.main()
