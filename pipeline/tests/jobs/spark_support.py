"""What the tests of the Spark jobs share: one JVM for the whole suite, and jobs run in this process.

Spark is found in this order: an importable pyspark, IDEXTRACTOR_SPARK (a folder with pyspark in it), ../shared/spark/install next to the
repository. Without any of them the tests fail where CI is set and skip with the reason elsewhere.
"""
import atexit
import contextlib
import importlib
import importlib.util
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
INSTALLER = os.path.join(ROOT, "..", "shared", "spark", "install")
CACHE = os.path.join(os.path.expanduser("~"), ".cache", "idextractor-spark")
FAST_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
SETTINGS = (("spark.sql.shuffle.partitions", "2"), ("spark.driver.extraJavaOptions", FAST_JVM))

_state = {}


def require_spark():
    """Makes pyspark importable, or raises SkipTest (a failure where CI is set)."""
    if "reason" not in _state:
        _state["reason"] = _find_spark()
    if _state["reason"]:
        if os.environ.get("CI"):
            raise AssertionError(_state["reason"])
        raise unittest.SkipTest(_state["reason"])


def _find_spark():
    if importlib.util.find_spec("pyspark") is not None:
        return ""
    folder = os.environ.get("IDEXTRACTOR_SPARK")
    if not folder and os.access(INSTALLER, os.X_OK):
        subprocess.run([INSTALLER, CACHE], check=True, stdout=subprocess.DEVNULL)
        folder = CACHE
    if not folder or not os.path.isdir(os.path.join(folder, "pyspark")):
        return "no Spark: pip install pyspark==3.5.6, or set IDEXTRACTOR_SPARK to a folder with pyspark in it"
    sys.path.append(folder)
    os.environ["SPARK_HOME"] = os.path.join(folder, "pyspark")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Processes of the tests, and Python workers of Spark, import pyspark too.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), folder]))
    return ""


def process_environment(**more):
    """The environment of a process that runs a job."""
    require_spark()
    return dict(os.environ, SPARK_MASTER="local[2]", SPARK_LOCAL_IP="127.0.0.1", **more)


def job_settings():
    """--spark-conf options of a process that runs a job: few partitions, a JVM that starts fast."""
    return [option for name, value in SETTINGS for option in ("--spark-conf", f"{name}={value}")]


def sessions():
    """The sessions of this process, with the suite's settings."""
    if "sessions" not in _state:
        require_spark()
        from pipeline.jobs.common.run.session import Sessions
        _state["sessions"] = Sessions()
        atexit.register(_state["sessions"].close)
    return _state["sessions"]


def spark():
    """The suite's session, for writing and reading test data."""
    import argparse
    options = argparse.Namespace(master="local[2]", spark_conf=[*SETTINGS, *_hadoop_settings()])
    return sessions().get(options)


def _hadoop_settings():
    """The test-only file system for s3://, if a test has compiled it before the first session started."""
    jar = _state.get("s3_classes")
    return [("spark.driver.extraClassPath", jar), ("spark.hadoop.fs.s3.impl", "idextractor.testing.EmulatorFileSystem")] if jar else []


def add_class_path(folder):
    """Classes for the JVM. Only has an effect before the first session: test modules call it when they are imported."""
    _state["s3_classes"] = folder


def run_job(name, *options):
    """Runs a job in this process: (exit code, report, stderr). stdout must be one line of JSON."""
    require_spark()
    spark()
    from pipeline.jobs.common.run import runner
    job = importlib.import_module(f"pipeline.jobs.{name}.job").JOB
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = runner.run_once(job, [str(option) for option in options], sessions())
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, f"stdout has {len(lines)} lines"
    report = json.loads(lines[0])
    assert report["exit_code"] == code
    return code, report, err.getvalue()


def seed(variable="IDEXTRACTOR_SEED", fixed=20251029):
    """Seed of a property test: fixed on CI, printed always."""
    value = int(os.environ.get(variable) or (fixed if os.environ.get("CI") else random.randrange(1 << 32)))
    print(f"{variable}={value}", file=sys.stderr)
    return value


def frame_of(rows, schema):
    """A frame of tuples. Through JSON where that holds the values: frames of Python rows start Python workers, which takes seconds."""
    from pyspark.sql import DataFrame
    names = [part.split()[0] for part in schema.split(", ")]
    if not all(value is None or isinstance(value, (bool, int, float, str)) for row in rows for value in row):
        return spark().createDataFrame(rows, schema)
    lines = spark()._sc._jvm.java.util.ArrayList()
    for row in rows:
        lines.add(json.dumps(dict(zip(names, row))))
    dataset = spark()._jsparkSession.createDataset(lines, spark()._sc._jvm.org.apache.spark.sql.Encoders.STRING())
    return DataFrame(spark()._jsparkSession.read().schema(schema).json(dataset), spark())


class SparkTestCase(unittest.TestCase):
    """A test with Spark and a folder of its own."""

    @classmethod
    def setUpClass(cls):
        require_spark()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="idextractor-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, path, rows, schema):
        """One Parquet file of tuples, by Spark. schema is a DDL string."""
        self.write_frame(path, frame_of(rows, schema))

    def write_frame(self, path, frame):
        staging = tempfile.mkdtemp(dir=self.folder, prefix="_write-")
        target = os.path.join(self.folder, path)
        frame.coalesce(1).write.mode("append").parquet("file://" + staging)
        part = next(name for name in os.listdir(staging) if name.endswith(".parquet"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(os.path.join(staging, part), target)

    def read(self, path):
        """Rows of a Parquet file as dicts; timestamps as microseconds since 1970, dates as text."""
        from pyspark.sql import functions as F
        frame = spark().read.option("__globPaths__", "false").parquet("file://" + path)
        columns = []
        for name, kind in frame.dtypes:
            column = F.col(f"`{name}`")
            column = F.unix_micros(column) if kind == "timestamp" else column.cast("string") if kind == "date" else column
            columns.append(column.alias(name))
        return [row.asDict(recursive=True) for row in frame.select(*columns).collect()]

    def files(self, root):
        """Paths of all files below a folder, hidden ones too."""
        return sorted(os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names)

    def contents(self, root):
        """{path: bytes} of all files below a folder."""
        found = {}
        for name in self.files(root):
            with open(os.path.join(root, name), "rb") as stream:
                found[name] = stream.read()
        return found
