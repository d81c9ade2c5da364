"""The definition of the state machine: lint, template, retries and catches, data flow, number of transitions."""
import copy
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import asl
from support.requirements import needs, statelint

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "pipeline" / "state_machines" / "etl_workflow.asl.json").read_text(encoding="utf-8")
VARIABLES = {
    "validate_function_arn", "glue_job_name", "crawler_name", "topic_arn", "job_queue_arn", "job_definition_arn", "ids_bucket",
    "ids_active_key", "input_prefix", "crawler_max_checks",
}
# A path of the template may not contain a quote or a number, so any text does.
DEFINITION = json.loads(re.sub(r"\$\{(\w+)\}", lambda name: "60" if name[1] == "crawler_max_checks" else name[1], TEMPLATE))
ALL = frozenset({"States.ALL"})
LAMBDA = frozenset({
    "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException",
})
NOTIFICATION = [(ALL, 3, 2, 2.0)]
RETRIES = {
    "ValidateInput": [(LAMBDA, 3, 2, 2.0)],
    "RunGlueETLJob": [
        (frozenset({"Glue.ConcurrentRunsExceededException"}), 5, 60, 1.5), (frozenset({"Glue.InternalServiceException"}), 2, 30, 2.0),
    ],
    "RunCrawlerUpdate": [
        (frozenset({"Glue.CrawlerRunningException"}), 3, 60, 1.5), (frozenset({"Glue.OperationTimeoutException"}), 2, 30, 2.0),
    ],
    "CheckCrawlerStatus": [(ALL, 2, 30, 2.0)],
    "NotifySuccess": NOTIFICATION, "NotifyPartialSuccess": NOTIFICATION, "NotifyValidationFailure": NOTIFICATION,
    "NotifyFailure": NOTIFICATION,
}
CATCHES = {
    "ValidateInput": "IsInputComplete", "RunGlueETLJob": "NotifyGlueJobFailure", "RunCrawlerUpdate": "HandleCrawlerFailure",
    "CheckCrawlerStatus": "HandleCrawlerFailure", "RunExtraction": "NotifyFailure", "ReadIds": "NotifyFailure",
    "NotifySuccess": "NotificationFailed", "NotifyPartialSuccess": "DescribeUnsentNotification",
    "NotifyValidationFailure": "ValidationFailed", "NotifyFailure": "WhichStepFailed",
}
# An execution may be started with any object.
INPUT = {}


def differences(definition):
    """What differs from the tables above: texts, none if all is well."""
    found = asl.retries(definition)
    # Temporary errors of Batch and S3 have several names each.
    temporary = {name: found.pop(name, []) for name in ("RunExtraction", "ReadIds")}
    result = [
        f"retries of {name}: {found.get(name)}, expected {RETRIES.get(name)}"
        for name in RETRIES.keys() | found.keys()
        if found.get(name) != RETRIES.get(name)
    ]
    for name, retriers in temporary.items():
        # States.ALL and States.TaskFailed would run a failed job again.
        general = [error for retrier in retriers for error in retrier[0] if error.startswith("States.")]
        if [retrier[1:] for retrier in retriers] != [(3, 10, 2.0)] or general:
            result.append(f"retries of {name}: {retriers}")
    expected = {name: [(ALL, target)] for name, target in CATCHES.items()}
    return result + ([f"catches: {asl.catches(definition)}"] if asl.catches(definition) != expected else [])


class Definition(unittest.TestCase):
    def test_template_has_exactly_its_variables(self):
        self.assertEqual(VARIABLES, set(re.findall(r"\$\{(\w+)\}", TEMPLATE)))
        self.assertEqual(
            ["${crawler_max_checks}"],
            re.findall(r'(?<=[^"\w ] )\$\{\w+\}(?= \})', TEMPLATE),
            "the number is not quoted, everything else is",
        )

    def test_starts_at_the_validation_and_ends_within_two_hours(self):
        self.assertEqual(("ValidateInput", 7200), (DEFINITION["StartAt"], DEFINITION["TimeoutSeconds"]))

    def test_retries_and_catches_are_those_of_the_contract(self):
        self.assertEqual([], differences(DEFINITION))

    def test_no_path_reads_what_no_earlier_state_has_set(self):
        self.assertEqual(set(), asl.unset_reads(DEFINITION, INPUT))

    def test_every_end_follows_exactly_one_notification(self):
        states = DEFINITION["States"]
        notifications = {name for name, state in states.items() if state.get("Resource", "").endswith("sns:publish")}
        counts = set()

        def walk(name, count, visited):
            if name in visited:
                return
            state, count = states[name], count + (name in notifications)
            caught = {catcher["Next"] for catcher in state.get("Catch", [])}
            following = asl.targets(state) if state["Type"] == "Choice" else {state.get("Next")} | caught
            if state["Type"] == "Fail" or state.get("End"):
                counts.add((name, count))
            for target in following - {None}:
                walk(target, count, visited | {name})

        walk("ValidateInput", 0, frozenset())
        self.assertEqual({1}, {count for _, count in counts}, counts)

    def test_an_upload_with_a_crawl_of_two_minutes_takes_at_most_25_transitions(self):
        visited = asl.transitions(DEFINITION, {
            "CheckValidation": ["RunGlueETLJob"], "CheckGlueJobStatus": ["RunCrawlerUpdate"],
            "IsCrawlerRunning": ["CountCrawlerCheck"] * 3 + ["IsExtractionRequested"], "IsExtractionRequested": ["DescribeSuccess"],
        })
        self.assertEqual(4, visited.count("WaitForCrawler"), "4 x 30 s")
        self.assertEqual(23, len(visited), visited)
        page = ROOT / "pipeline" / "terraform" / "environments" / "dev" / "README.md"
        self.assertIn(f"takes {len(visited)} state transitions (${len(visited) * 0.025 / 1000:.4f})", page.read_text(encoding="utf-8"))


class PlantedDefects(unittest.TestCase):
    """The checks above find what they are for."""

    def setUp(self):
        self.definition = copy.deepcopy(DEFINITION)
        self.states = self.definition["States"]

    def test_one_retry_too_many(self):
        self.states["RunGlueETLJob"]["Retry"][0]["MaxAttempts"] += 1
        self.assertIn("retries of RunGlueETLJob", differences(self.definition)[0])

    def test_a_failed_job_that_is_submitted_again(self):
        self.states["RunExtraction"]["Retry"][0]["ErrorEquals"].append("States.TaskFailed")
        self.assertIn("retries of RunExtraction", differences(self.definition)[0])

    def test_a_catch_that_skips_the_notification(self):
        self.states["ReadIds"]["Catch"][0]["Next"] = "ExtractionFailed"
        self.assertIn("catches", differences(self.definition)[0])

    def test_a_result_that_is_not_kept(self):
        self.states["RunGlueETLJob"]["ResultPath"] = None
        self.assertIn(("CheckGlueJobStatus", "$.job.state"), asl.unset_reads(self.definition, INPUT))

    def test_a_field_that_only_one_of_two_ways_sets(self):
        self.states["RunGlueETLJob"]["Catch"][0]["ResultPath"] = "$.error"
        self.assertEqual({("NotifyGlueJobFailure", "$.job.error")}, asl.unset_reads(self.definition, INPUT))

    def test_an_optional_member_that_is_read_without_a_check(self):
        self.states["IsCrawlerRunning"]["Choices"][1]["And"].pop(1)
        self.assertIn(("IsCrawlerRunning", "$.crawl.Crawler.LastCrawl.Status"), asl.unset_reads(self.definition, INPUT))

    def test_a_path_within_an_intrinsic_function(self):
        self.states["DescribeUnfinishedCrawl"]["Parameters"]["Cause.$"] = "States.Format('{}', $.crawler.Name)"
        self.assertEqual({("DescribeUnfinishedCrawl", "$.crawler.Name")}, asl.unset_reads(self.definition, INPUT))

    def test_an_input_that_nothing_has_checked(self):
        self.states["ValidateInput"]["Catch"][0]["Next"] = "NotifyValidationFailure"
        self.assertEqual(
            {("NotifyValidationFailure", "$.bucket"), ("NotifyValidationFailure", "$.key")}, asl.unset_reads(self.definition, INPUT),
        )

    def test_an_input_field_that_is_not_required(self):
        self.states["RunGlueETLJob"]["Parameters"]["Arguments"]["--size.$"] = "$.input.size"
        self.states["ValidateInput"]["ResultSelector"].pop("input.$")
        self.assertIn(("RunGlueETLJob", "$.input.size"), asl.unset_reads(self.definition, INPUT))


@needs("statelint")
class Lint(unittest.TestCase):
    def lint(self, definition):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "definition.json"
            path.write_text(json.dumps(definition), encoding="utf-8")
            done = subprocess.run(
                [statelint(), str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
            )
            return done.returncode, done.stdout

    def test_definition_is_clean(self):
        self.assertEqual((0, ""), self.lint(DEFINITION))

    def test_planted_defect_is_found(self):
        definition = copy.deepcopy(DEFINITION)
        definition["States"]["WaitForCrawler"]["Next"] = "Nowhere"
        code, output = self.lint(definition)
        self.assertIn("Nowhere", output, code)


if __name__ == "__main__":
    unittest.main()
