"""What a job leaves when it is killed, or the JVM below it: each partition is old or new, complete, and a rerun repairs."""
import contextlib
import glob
import os
import shutil
import time

from .background import InBackground
from .gates import writing_parquet
from .publishing_support import STAGING, GoldPublishing, SilverPublishing
from .spark_support import INTERPRETED, SparkTestCase, run_job, spark
from .twin_support import active, require_engine, twin
from .victims import TWIN_KILLS, Worker, kill_runs, wait_until

# Moments of kills.
STAGES, PUBLISHES = range(2)
# What is there once a run of the twin plans, and once it writes.
TWIN_MOMENTS = ("parts/*", "parts/*/_temporary")
# Seconds between two files of a run that is to be killed. A busy machine notices the first file late, and is still to find some unpublished.
PAUSE = 0.1


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


class KillTests:
    """Shared by both jobs that publish."""

    def test_killed_rerunRepairs(self):
        # Planning takes longer with each month, and a new JVM plans slowly.
        self.count = 6
        self.first()
        self.old = pages(self.publish())
        self.second()
        self.new = pages(self.contents(self.run_undisturbed()))
        self.middles = []
        # A JVM of a few seconds takes longer to compile code than to do without. The run that is compared with has compiled code.
        kill_runs(self, lambda: Worker(self.job, through=("slow_publishing", PAUSE), settings=INTERPRETED), self.kill)
        self.assertGreater(sum(self.middles), len(self.middles) / 2, "most kills have to meet publishing in the middle")

    def copy(self, name):
        """(source, target) of a copy of the prepared folders."""
        places = self.path(name, "source"), self.path(name, "target")
        for original, place in zip((self.source, self.target), places):
            shutil.copytree(original, place)
        return places

    def run_undisturbed(self):
        source, target = self.copy("undisturbed")
        code, report, err = run_job(self.job, "--source", source, "--target", target)
        self.assertEqual(0, code, (report["error"], err))
        return target

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
        if victim == "both":
            worker.process.stdout.close()
            worker.restart()
        # By the process that is the next victim: whatever a kill breaks, a new start repairs.
        worker.send(*options)
        report = worker.report()
        self.assertEqual(0, report["exit_code"], report["error"])
        repaired = self.contents(target)
        self.assertEqual([], [path for path in repaired if path.startswith(STAGING)])
        self.assertEqual(sorted(self.new), sorted(pages(repaired)), "the rerun gives other files than a run that nothing disturbs")
        differ = [path for path, content in pages(repaired).items() if content != self.new[path]]
        self.assertEqual([], differ, "the rerun gives other rows than a run that nothing disturbs")
        shutil.rmtree(self.path(str(number)))


class GoldKillTests(InBackground, KillTests, GoldPublishing):
    """silver_to_gold"""


class SilverKillTests(InBackground, KillTests, SilverPublishing):
    """bronze_to_silver"""


class TwinKillTests(InBackground, SparkTestCase):
    """extract_ids"""

    def test_killed_LeavesNoCommandAndTheRerunPublishes(self):
        # A large table makes the scan last. What is killed has made its folder of parts, or has begun to write them.
        require_engine()
        with writing_parquet():
            spark().range(400_000).selectExpr("lpad(cast(id as string), 14, '0') documento", "cast(id as string) id").write.parquet(
                "file://" + self.path("big"))
        with open(self.path("people.csv"), "w", encoding="utf-8") as stream:
            stream.writelines(f"{number:011d}\n" for number in range(1000))
        with open(self.path("stderr.txt"), "w", encoding="utf-8") as log:
            kill_runs(self, lambda: Worker("extract_ids", log), self.kill, TWIN_KILLS)
        with open(self.path("stderr.txt"), encoding="utf-8") as stream:
            self.assertNotIn("Traceback", stream.read())

    def kill(self, worker, victim, moment, number, generator):
        output = self.path(f"out-{number}")
        options = ["--table-a", self.path("people.csv"), "--table-b", self.path("big"), "--output", output]
        # A JVM that is killed while it starts is one that does not start.
        reached = TWIN_MOMENTS[1 if victim == "jvm" else moment]
        worker.send(*options)
        wait_until(lambda: glob.glob(os.path.join(output, reached)), "parts")
        time.sleep(generator.random() * 0.1)
        worker.strike(victim)
        if victim == "jvm":
            report = worker.report()
            self.assertEqual(report["exit_code"], 75, report["error"])
            self.assertNotIn("publish_command", report)
            self.assertFalse(glob.glob(os.path.join(output, "parts", "*")))
        else:
            self.assertEqual(worker.process.stdout.read(), "")
        self.assertFalse(os.path.exists(os.path.join(output, "active")))
        code, _, printed = twin(*options)
        self.assertEqual(code, 0, printed)
        self.assertEqual(active(output)[0].decode().split("\n"), sorted(str(number) for number in range(1000)))
