"""What readers see while a job publishes, and when it dies: each partition is old or new, complete, never absent."""
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

from pipeline.jobs.common.publish import disk
from .spark_support import ROOT, SparkTestCase, job_settings, process_environment, run_job, seed
from .test_bronze_to_silver import SilverTestCase, record

MONTHS = 12
# More of them in a long run: IDEXTRACTOR_KILLS=10.
KILLS = int(os.environ.get("IDEXTRACTOR_KILLS") or 1)
GOLD_SCHEMA = "idade int, ativo boolean, salario double"


class Worker:
    """A process that runs jobs in batch mode, and its JVM."""

    def __init__(self, job):
        self.process = subprocess.Popen([sys.executable, "-m", f"pipeline.jobs.{job}", "--batch", "-"], cwd=ROOT, env=process_environment(),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def send(self, *options):
        self.process.stdin.write(json.dumps([*options, *job_settings()]) + "\n")
        self.process.stdin.flush()

    def report(self):
        return json.loads(self.process.stdout.readline())

    def jvm(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as stream:
            return int(stream.read().split()[0])

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code


def pages(contents):
    """{path: bytes} of published files without their footers: parquet-java lists encodings there in an order that differs from JVM to JVM."""
    return {path: content[:-8 - int.from_bytes(content[-8:-4], "little")] for path, content in contents.items() if not path.startswith("_staging")}


def versions(root):
    """{path: (inode, time)} of the published files."""
    found = {}
    for folder, _, names in os.walk(root):
        if "_staging" not in folder:
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    status = os.stat(os.path.join(folder, name))
                    found[os.path.join(folder, name)] = (status.st_ino, status.st_mtime_ns)
    return found


class PublishingTests:
    """Shared by both jobs: each says how its source gets a first and a second state."""

    job = ""

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

    def test_everyVisibleChange_wholeTargetIsOldOrNew(self):
        self.first()
        old = self.publish()
        self.second()
        seen, real = [], (os.replace, os.unlink, os.rmdir)

        def after(call):
            def watched(*arguments, **named):
                result = call(*arguments, **named)
                seen.append({path: content for path, content in self.contents(self.target).items() if not path.startswith("_staging")})
                return result
            return watched
        disk.os.replace, disk.os.unlink, disk.os.rmdir = (after(call) for call in real)
        try:
            new = self.publish()
        finally:
            disk.os.replace, disk.os.unlink, disk.os.rmdir = real
        self.assertGreaterEqual(len(seen), MONTHS)
        for state in seen:
            self.assertLessEqual(set(old) & set(new), set(state))
            for path, content in state.items():
                self.assertTrue(content in (old.get(path), new.get(path)), path)

    def test_killed_rerunRepairs(self):
        generator = random.Random(seed())
        for number in range(KILLS):
            for victim in ("jvm", "both"):
                moment = generator.choice(("staging", "publishing")) if number else {"jvm": "staging", "both": "publishing"}[victim]
                with self.subTest(number=number, victim=victim, moment=moment):
                    self.kill(victim, moment, generator.random() * 0.2)

    def kill(self, victim, moment, pause):
        self.source, self.target = self.path(f"source-{time.time_ns()}"), self.path(f"target-{time.time_ns()}")
        self.first()
        worker = Worker(self.job)
        try:
            worker.send(*self.options())
            self.assertEqual(0, worker.report()["exit_code"])
            old, before = self.contents(self.target), versions(self.target)
            self.second()
            worker.send(*self.options())
            self.wait_for(moment, before)
            time.sleep(pause if moment == "staging" else 0)
            jvm = worker.jvm()
            if victim == "both":
                os.kill(worker.process.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(jvm, signal.SIGKILL)
            if victim == "jvm":
                report = worker.report()
                self.assertIn(report["exit_code"], (0, 75), report["error"])
                worker.send(*self.options())
                self.assertEqual(0, worker.report()["exit_code"])
                self.assertEqual(report["exit_code"], worker.end())
            else:
                worker.process.wait()
        finally:
            if worker.process.poll() is None:
                worker.process.kill()
            worker.process.wait()
        old, state = pages(old), pages(self.contents(self.target))
        published = self.publish()
        self.assertFalse([path for path in published if path.startswith("_staging")])
        new = pages(published)
        for path, content in state.items():
            self.assertTrue(content in (old.get(path), new.get(path)), path)
        self.assertLessEqual(set(old) & set(new), set(state))

    def wait_for(self, moment, before):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if moment == "staging":
                if any(name.startswith("part-") for _, _, names in os.walk(os.path.join(self.target, "_staging")) for name in names):
                    return
            elif versions(self.target) != before:
                return
            time.sleep(0.001)
        self.fail(f"no {moment} within two minutes")


class GoldPublishingTests(PublishingTests, SparkTestCase):
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
        self.months(range(1, MONTHS + 1), 1.0)

    def second(self):
        self.months(range(2, MONTHS + 2), 2.0)
        os.unlink(os.path.join(self.source, "ano=2025", "mes=1", "a.parquet"))


class SilverPublishingTests(PublishingTests, SilverTestCase):
    job = "bronze_to_silver"

    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("source"), self.path("target")

    def events(self, name, mileage, days):
        self.bronze(f"{os.path.relpath(self.source, self.path('bronze'))}/{name}",
                    [record("A", f"2025-10-{day:02d}T0{mileage}:00:00Z", mileage) for day in days])

    def first(self):
        self.events("a.parquet", 1, range(1, MONTHS + 1))

    def second(self):
        self.events("b.parquet", 2, range(1, MONTHS + 2))


class SignalTests(SparkTestCase):
    def test_sigterm_exit143AndNothingLeft(self):
        self.write("silver/ano=2025/mes=1/a.parquet", [(1, True, 1.0)], GOLD_SCHEMA)
        with subprocess.Popen([sys.executable, "-m", "pipeline.jobs.silver_to_gold", "--source", self.path("silver"), "--target", self.path("gold"),
                               *job_settings()], cwd=ROOT, env=process_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while not os.path.exists(self.path("gold", "_staging")) and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            report = json.loads(process.stdout.read())
        self.assertEqual((143, 143), (process.returncode, report["exit_code"]))
        self.assertFalse(os.path.exists(self.path("gold")))
