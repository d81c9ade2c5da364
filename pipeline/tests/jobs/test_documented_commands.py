"""The commands of the README on the samples, as a newcomer types them."""
import os
import shlex

from .side_by_side import SideBySide
from .spark_support import ROOT, SparkTestCase, run_job

START = "python3 -m pipeline.jobs."
OUTPUTS = ("--target", "--output")


def commands(document):
    with open(os.path.join(ROOT, *document.split("/")), encoding="utf-8") as stream:
        return [line.strip() for line in stream if line.startswith(START)]


class ReadmeTests(SideBySide, SparkTestCase):
    def run_documented(self, line):
        job, *words = shlex.split(line.removeprefix(START))
        words = [self.path(word) if before in OUTPUTS else os.path.join(ROOT, word) if word.startswith("samples/") else word
                 for before, word in zip(["", *words], words)]
        code, report, said = run_job(job, *words)
        self.assertEqual(0, code, said)
        return report

    def test_readme_EveryJob_RunsOnTheSamples(self):
        lines = commands("README.md")
        jobs = [line.removeprefix(START).split()[0] for line in lines]
        self.assertEqual(["bronze_to_silver", "extract_ids", "process_taxi", "silver_to_gold"], sorted(jobs))
        self.assertEqual(lines, commands("README.pt-BR.md"))
        reports = {job: self.run_documented(line) for job, line in zip(jobs, lines)}
        self.assertGreater(reports["extract_ids"]["counts"]["total_ids"], 0)
        for job in set(jobs) - {"extract_ids"}:
            self.assertTrue(reports[job]["partitions_written"], job)
