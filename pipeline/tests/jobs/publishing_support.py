"""Runs of the jobs that publish partitions: a source with a first and a second state."""
import os

from .spark_support import SparkTestCase, run_job
from .test_bronze_to_silver import SilverTestCase, record

STAGING = "_staging"
GOLD_SCHEMA = "idade int, ativo boolean, salario double"


class Publishing:
    """Shared by both jobs: each says how its source gets a first and a second state."""

    job = ""
    # Partitions.
    count = 12

    def first(self):
        raise NotImplementedError

    def second(self):
        raise NotImplementedError

    def options(self):
        return ["--source", self.source, "--target", self.target]

    def publish(self):
        code, report, err = run_job(self.job, *self.options())
        self.assertEqual(0, code, (report["error"], err))
        return self.contents(self.target)


class GoldPublishing(Publishing, SparkTestCase):
    job = "silver_to_gold"

    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("source"), self.path("target")

    def months(self, months, salary):
        self.write("_rows.parquet", [(1, True, salary), (2, False, salary)], GOLD_SCHEMA)
        with open(self.path("_rows.parquet"), "rb") as stream:
            content = stream.read()
        for month in months:
            folder = os.path.join(self.source, "ano=2025", f"mes={month}")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "a.parquet"), "wb") as stream:
                stream.write(content)
        os.unlink(self.path("_rows.parquet"))

    def first(self):
        self.months(range(1, self.count + 1), 1.0)

    def second(self):
        self.months(range(2, self.count + 2), 2.0)
        os.unlink(os.path.join(self.source, "ano=2025", "mes=1", "a.parquet"))


class SilverPublishing(Publishing, SilverTestCase):
    job = "bronze_to_silver"

    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("source"), self.path("target")

    def events(self, name, mileage, days):
        self.bronze(f"{os.path.relpath(self.source, self.path('bronze'))}/{name}",
                    [record("A", f"2025-10-{day:02d}T0{mileage}:00:00Z", mileage) for day in days])

    def first(self):
        self.events("a.parquet", 1, range(1, self.count + 1))

    def second(self):
        self.events("b.parquet", 2, range(1, self.count + 2))
