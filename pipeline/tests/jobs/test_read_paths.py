"""Files whose names Spark would take for patterns are read, each once."""
import os

from .background import InBackground
from .spark_support import SparkTestCase, run_job, spark
from .test_process_taxi import HEADER
from .test_taxi_csv import trip

NAMES = [
    "a.csv", "b.csv", "NAME.CSV", "[a-c].csv", "x[1].csv", "open[.csv", "end].csv", "y*.csv", "yy.csv", "{z}.csv", "{a;b}.csv", "open{.csv",
    "a#b?c=d&e.csv", "c?d:e.csv", "2025-10-29T11:00:00.csv", "back\\slash.csv", "a b.csv", "a%20b.csv", "a+b.csv", "é.csv", "~^'.csv",
]


class PathTests(InBackground, SparkTestCase):
    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return f"file://{path}"

    def test_frameOf_OddNames_AreEachReadOnce(self):
        from pipeline.jobs.common.read.paths import frame_of
        for folder in ("plain", "in[2]{x}/da?y=1"):
            with self.subTest(folder):
                uris = [self.write(f"{folder}/{name}", f"{name}\n") for name in NAMES]
                frame = frame_of(uris, lambda some, options: spark().read.options(**options).schema("name string").csv(some))
                self.assertEqual(sorted(NAMES), sorted(row["name"] for row in frame.collect()))

    def test_processTaxi_OddNames_AreEachReadOnce(self):
        for name in NAMES:
            self.write(f"raw/{name}", f"{HEADER}\n{trip()}\n")
        code, report, _ = run_job("process_taxi", "--source", self.path("raw"), "--target", self.path("taxi"))
        self.assertEqual(0, code, report)
        # One file per source, below the partition of its month.
        files = spark().read.parquet(f"file://{self.path('taxi')}").selectExpr("_metadata.file_name as name").groupBy("name").count()
        self.assertEqual([1] * len(NAMES), [row["count"] for row in files.collect()])
