"""Jobs in processes of their own: from a zip in another folder and time zone, and ended by a signal."""
import glob
import json
import os
import signal
import subprocess
import sys
import zipfile

from pipeline.jobs.parquet.footer import read_footer

from .background import InBackground
from .publishing_support import GOLD_SCHEMA
from .spark_support import ROOT, SparkTestCase, job_settings, process_environment
from .test_bronze_to_silver import SilverTestCase, record
from .test_extract_runs import document
from .victims import SECONDS, child_of, wait_until


def zip_jobs(path):
    """The zip that Glue gets."""
    with zipfile.ZipFile(path, "w") as package:
        for folder, _, names in os.walk(os.path.join(ROOT, "pipeline", "jobs")):
            for name in names:
                if name.endswith(".py"):
                    module = os.path.join(folder, name)
                    package.write(module, os.path.relpath(module, ROOT))
        package.write(os.path.join(ROOT, "pipeline", "__init__.py"), "pipeline/__init__.py")


def environment_with(package, locale="xx_XX.UTF-8"):
    environment = process_environment(TZ="America/Sao_Paulo", LC_ALL=locale, JAVA_TOOL_OPTIONS="-Duser.language=tr -Duser.country=TR")
    environment["PYTHONPATH"] = os.pathsep.join([package, *filter(None, [environment.get("PYTHONPATH")])])
    return environment


SETTINGS_OF_TWO_RUNS = """
import argparse, json, sys
from pipeline.jobs.common.run.session import Sessions
sessions, common = Sessions(), [tuple(setting.split("=", 1)) for setting in sys.argv[2::2] if "shuffle" not in setting]
own = [("spark.sql.shuffle.partitions", "7"), ("spark.sql.codegen.wholeStage", "false"), ("spark.hadoop.some.setting", "1")]
spark = sessions.get(argparse.Namespace(master="local[2]", spark_conf=common + own))
def found():
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    return [[session.conf.get(name) for session in (spark, sessions.row_reader()) for name, _ in own[:2]], hadoop.get("some.setting")]
first = found()
sessions.begin(argparse.Namespace(spark_conf=common))
print(json.dumps([first, found()]))
sessions.close()
"""


class ZipTests(InBackground, SilverTestCase):
    def test_zip_anotherFolderTimeZoneAndLanguage_sameResult(self):
        package = self.path("pipeline.zip")
        zip_jobs(package)
        self.bronze("ação.parquet", [record("A", "2025-10-29T23:30:00", color="CINZA É I"), record("B", "2025-10-29T00:30:00+03:00")])
        lines = [["--source", "bronze", "--target", "silver", "--report", "r.json", "--spark-conf", "spark.hadoop.parquet.writer.version=v2"],
                 "not a list", ["--source", "bronze"], ["--source", "bronze", "--target", "silver"]]
        with open(self.path("batch"), "w", encoding="utf-8") as stream:
            stream.writelines(json.dumps([*line, *job_settings()] if isinstance(line, list) else line) + "\n" for line in lines)
        done = subprocess.run([sys.executable, "-m", "pipeline.jobs.bronze_to_silver", "--batch", "batch"], cwd=self.folder,
                              env=environment_with(package), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(([0, 2, 2, 0], 2), ([report["exit_code"] for report in reports], done.returncode), done.stderr)
        self.assertEqual(["event_year=2025/event_month=10/event_day=28", "event_year=2025/event_month=10/event_day=29"],
                         reports[0]["partitions_written"])
        with open(self.path("r.json"), encoding="utf-8") as stream:
            self.assertEqual(reports[0], json.load(stream))
        self.assertEqual(["cinza é i"], [row["color"] for row in self.read(self.path("silver", reports[0]["partitions_written"][1], "data.parquet"))])
        with open(self.path("silver", reports[0]["partitions_written"][1], "data.parquet"), "rb") as stream:
            content = stream.read()
        footer = read_footer(lambda offset, length: content[offset:offset + length], len(content), "data.parquet")
        encodings = {name for found in footer.chunks(footer.columns) for name in found.encodings}
        self.assertFalse([name for name in encodings if name.startswith("DELTA") or name == "RLE_DICTIONARY"], "of the first line's setting")
        self.assertNotIn("WARN", done.stderr)
        self.assertNotIn("Setting default log level", done.stderr)

    def test_settings_OfTheFirstRun_AreGoneInTheSecond(self):
        done = subprocess.run([sys.executable, "-c", SETTINGS_OF_TWO_RUNS, *job_settings()], cwd=ROOT, env=process_environment(), capture_output=True,
                              text=True, check=False)
        self.assertEqual([[["7", "false"] * 2, "1"], [["4", "true"] * 2, None]], json.loads(done.stdout.splitlines()[-1]), done.stderr)

    def test_extractIds_FromAZip_ReturnsAndPublishes(self):
        package = self.path("pipeline.zip")
        zip_jobs(package)
        self.write("a/part.parquet", [("1",)], "documento string")
        self.write("b/part.parquet", [(document(1), "ID1")], "documento string, id string")
        options = ["--table-a", self.path("a"), "--table-b", self.path("b"), "--output", self.path("out"), *job_settings()]
        code = "import sys; from pipeline.jobs.extract_ids import main; assert main(sys.argv[1:]) == 0; print('returned', file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", code, *options], cwd=self.folder, env=environment_with(package, "POSIX"), capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("returned", done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["counts"]["total_ids"], 1)


class SignalTests(InBackground, SparkTestCase):
    def start(self):
        """A job that rests for a minute before it publishes its only file."""
        self.write("silver/ano=2025/mes=1/a.parquet", [(1, True, 1.0)], GOLD_SCHEMA)
        return subprocess.Popen([sys.executable, "-m", "pipeline.tests.jobs.slow_publishing", "60", "silver_to_gold",
                                 "--source", self.path("silver"), "--target", self.path("gold"), *job_settings()], cwd=ROOT,
                                env=process_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        # Its JVM has the same stdout, so this waits for both.
        report = json.loads(process.communicate(timeout=SECONDS)[0])
        self.assertEqual((143, 143), (process.returncode, report["exit_code"]))
        self.assertFalse(os.path.exists(self.path("gold")))

    def test_sigtermBeforePublishing_exit143AndNothingLeft(self):
        with self.start() as process:
            wait_until(lambda: glob.glob(self.path("gold", "_staging", "**", "part-*"), recursive=True), "staged file")
            self.end(process)

    def test_sigtermWhileTheJvmStarts_exit143AndNoJvmLeft(self):
        with self.start() as process:
            wait_until(lambda: child_of(process.pid), "JVM")
            jvm = child_of(process.pid)
            try:
                self.end(process)
            except subprocess.TimeoutExpired:
                os.kill(jvm, signal.SIGKILL)
                raise
        self.assertFalse(os.path.exists(f"/proc/{jvm}"))
