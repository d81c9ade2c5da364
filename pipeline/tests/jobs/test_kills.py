"""What readers see while a job publishes, and when it dies: each partition is old or new, complete, never absent."""
import contextlib
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from pipeline.jobs.common.publish import disk
from .spark_support import ROOT, SparkTestCase, job_settings, process_environment, run_job
from .test_bronze_to_silver import SilverTestCase, record
from .victims import Worker, kill_runs, wait_until

# Moments of kills.
STAGES, PUBLISHES = range(2)
STAGING = "_staging"
# Seconds between two files of a run that is to be killed.
PAUSE = 0.02
GOLD_SCHEMA = "idade int, ativo boolean, salario double"


def pages(contents):
    """{path: bytes} of published files without their footers: parquet-java lists encodings there in an order that differs from JVM to
    JVM.
    """
    return {path: content[:-8 - int.from_bytes(content[-8:-4], "little")]
            for path, content in contents.items() if not path.startswith(STAGING)}


def changed(before, root):
    """How many published files differ from those of a folder of which this one began as a copy."""
    now = inodes(root)
    return sum(now.get(name) != inode for name, inode in before.items())


def inodes(root):
    """{path: inode} of the published files."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names if STAGING not in folder else ():
            with contextlib.suppress(FileNotFoundError):
                path = os.path.join(folder, name)
                found[os.path.relpath(path, root)] = os.stat(path).st_ino
    return found


class PublishingTests:
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

    def test_everyVisibleChange_wholeTargetIsOldOrNew(self):
        self.first()
        old = self.publish()
        self.second()
        seen, real = [], (os.replace, os.unlink, os.rmdir)

        def after(call):
            def watched(*arguments, **named):
                result = call(*arguments, **named)
                seen.append({path: content for path, content in self.contents(self.target).items() if not path.startswith(STAGING)})
                return result
            return watched
        disk.os.replace, disk.os.unlink, disk.os.rmdir = (after(call) for call in real)
        try:
            new = self.publish()
        finally:
            disk.os.replace, disk.os.unlink, disk.os.rmdir = real
        self.assertGreaterEqual(len(seen), self.count)
        for state in seen:
            self.assertLessEqual(set(old) & set(new), set(state))
            for path, content in state.items():
                self.assertTrue(content in (old.get(path), new.get(path)), path)

    def test_killed_rerunRepairs(self):
        # Planning takes longer with each month, and a new JVM plans slowly.
        self.count = 6
        self.first()
        self.old = pages(self.publish())
        self.second()
        self.new = pages(self.contents(self.run_undisturbed()))
        self.middles = []
        kill_runs(self, lambda: Worker(self.job, pause=PAUSE), self.kill)
        self.assertGreater(sum(self.middles), len(self.middles) / 2, "most kills have to meet publishing in the middle")

    def copy(self, name):
        """(source, target) of a copy of the prepared folders."""
        places = self.path(name, "source"), self.path(name, "target")
        for original, place in zip((self.source, self.target), places):
            shutil.copytree(original, place)
        return places

    def run_undisturbed(self):
        source, target = self.copy("undisturbed")
        self.rerun(source, target)
        return target

    def rerun(self, source, target):
        code, report, err = run_job(self.job, "--source", source, "--target", target)
        self.assertEqual(0, code, (report["error"], err))

    def kill(self, worker, victim, moment, number, generator):
        source, target = self.copy(str(number))
        options = "--source", source, "--target", target
        before = inodes(target)
        worker.send(*options)
        if moment == STAGES:
            wait_until(lambda: glob.glob(os.path.join(target, STAGING, "**", "part-*"), recursive=True), "staged file")
            time.sleep(generator.random() * 0.2)
        else:
            files = generator.randint(1, self.count // 2)
            wait_until(lambda: changed(before, target) >= files, "published file")
        worker.strike(victim)
        if victim == "jvm":
            report = worker.report()
            self.assertIn(report["exit_code"], (0, 75), report["error"])
        state = pages(self.contents(target))
        for path, content in state.items():
            self.assertTrue(content in (self.old.get(path), self.new.get(path)), path)
        self.assertLessEqual(set(self.old) & set(self.new), set(state))
        if victim == "both" and moment == PUBLISHES:
            self.middles.append(state not in (self.old, self.new))
        if victim == "jvm":
            worker.send(*options)
            report = worker.report()
            self.assertEqual(0, report["exit_code"], report["error"])
        else:
            self.rerun(source, target)
        repaired = self.contents(target)
        self.assertEqual([], [path for path in repaired if path.startswith(STAGING)])
        self.assertTrue(self.new == pages(repaired), "the rerun gives another target than a run that nothing disturbs")
        shutil.rmtree(self.path(str(number)))


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
        self.months(range(1, self.count + 1), 1.0)

    def second(self):
        self.months(range(2, self.count + 2), 2.0)
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
        self.events("a.parquet", 1, range(1, self.count + 1))

    def second(self):
        self.events("b.parquet", 2, range(1, self.count + 2))


class SignalTests(SparkTestCase):
    def test_sigterm_exit143AndNothingLeft(self):
        self.write("silver/ano=2025/mes=1/a.parquet", [(1, True, 1.0)], GOLD_SCHEMA)
        with subprocess.Popen([sys.executable, "-m", "pipeline.jobs.silver_to_gold", "--source", self.path("silver"),
                               "--target", self.path("gold"), *job_settings()], cwd=ROOT, env=process_environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while not os.path.exists(self.path("gold", "_staging")) and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            report = json.loads(process.stdout.read())
        self.assertEqual((143, 143), (process.returncode, report["exit_code"]))
        self.assertFalse(os.path.exists(self.path("gold")))
