"""What the tests of the Spark jobs share: one JVM for the whole suite, and jobs run in this process.

Spark is found in this order: an importable pyspark, IDEXTRACTOR_SPARK (a folder with pyspark in it), ../shared/spark/install next to the
repository. Without any of them the tests fail where CI is set and skip with the reason elsewhere.
"""
import atexit
import concurrent.futures
import contextlib
import datetime
import decimal
import importlib
import importlib.util
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import unittest

from .gates import gate, writing_parquet

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
INSTALLER = os.path.join(ROOT, "..", "shared", "spark", "install")
CACHE = os.path.join(os.path.expanduser("~"), ".cache", "idextractor-spark")
FAST_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
# The JVM of the suite runs for minutes: optimised code pays, and a large young generation is collected less often.
LONG_JVM = "-XX:+UseSerialGC -Xshare:auto -Xms1g -Xmn512m -XX:MetaspaceSize=256m"
JVM_OPTIONS = "spark.driver.extraJavaOptions"
# Runs on the same schemas share compiled code, of which Spark keeps 100 pieces.
SETTINGS = (("spark.sql.shuffle.partitions", "2"), ("spark.sql.codegen.cache.maxEntries", "3000"),
            (JVM_OPTIONS, FAST_JVM))
# Plans of a few rows gain nothing from another look at them. Jobs in processes of their own have it.
SESSION_SETTINGS = (("spark.sql.adaptive.enabled", "false"),)
# No code is generated and compiled, neither for whole stages nor for expressions.
INTERPRETED = (("spark.sql.codegen.wholeStage", "false"), ("spark.sql.codegen.factoryMode", "NO_CODEGEN"))
# Test data are a few rows: reading and writing them is faster without compiled code.
DATA_SETTINGS = (*INTERPRETED, *SESSION_SETTINGS)

_state = {}
_written = {}
# Threads outside of lanes take turns: their runs share the session's settings.
_one_run = threading.Lock()
_one_start = threading.Lock()
_lane = threading.local()
_captured = threading.local()


def require_spark():
    """Makes pyspark importable, or raises SkipTest (a failure where CI is set)."""
    if "reason" not in _state:
        # A JVM of its own computes the command of the other one.
        os.environ["SPARK_LAUNCHER_OPTS"] = FAST_JVM
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
    """The environment of a process that runs a job. These processes share compiled Python, which takes half of an import of pyspark."""
    require_spark()
    if "bytecode" not in _state:
        _state["bytecode"] = tempfile.TemporaryDirectory(prefix="idextractor-bytecode-")
    environment = dict(os.environ, SPARK_MASTER="local[2]", SPARK_LOCAL_IP="127.0.0.1", PYTHONPYCACHEPREFIX=_state["bytecode"].name, **more)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def job_settings():
    """--spark-conf options of a process that runs a job: few partitions, a JVM that starts fast."""
    from .class_archive import archive
    classes = archive()
    settings = dict(SETTINGS)
    if classes:
        settings[JVM_OPTIONS] += f" -XX:SharedArchiveFile={classes}"
    return [option for name, value in settings.items() for option in ("--spark-conf", f"{name}={value}")]


def sessions():
    """The sessions of this process, with the suite's settings."""
    if "sessions" not in _state:
        require_spark()
        from pipeline.jobs.common.run.session import Sessions
        _state["sessions"] = Sessions()
        # The suite's settings are for all of its runs.
        _state["sessions"]._revert_first_settings_later = lambda: None
        atexit.register(_state["sessions"].close)
    return _state["sessions"]


def spark():
    """The session in which jobs run."""
    import argparse
    settings = dict(SETTINGS)
    settings[JVM_OPTIONS] = settings[JVM_OPTIONS].replace(FAST_JVM, LONG_JVM)
    options = argparse.Namespace(master="local[2]", spark_conf=[*settings.items(), *SESSION_SETTINGS, *_hadoop_settings()])
    return sessions().get(options)


def data_session():
    """A session of the same JVM, for writing and reading test data."""
    jobs = spark()
    with _one_start:
        if _state.get("data_of") is not jobs:
            from pipeline.jobs.common.run.session import FIXED
            data = jobs.newSession()
            for name, value in [*FIXED.items(), ("spark.sql.shuffle.partitions", "2"), *DATA_SETTINGS]:
                data.conf.set(name, value)
            _state["data"], _state["data_of"] = data, jobs
        return _state["data"]


def _hadoop_settings():
    """The test-only file system for s3://, if a test has compiled it before the first session started."""
    jar = _state.get("s3_classes")
    return [("spark.driver.extraClassPath", jar), ("spark.hadoop.fs.s3.impl", "idextractor.testing.EmulatorFileSystem")] if jar else []


def add_class_path(folder):
    """Classes for the JVM. Only has an effect before the first session: test modules call it when they are imported."""
    _state["s3_classes"] = folder


def run_job(name, *options):
    """Runs a job in this process: (exit code, report, stderr). stdout must be one line of JSON.

    In a thread of `lanes` the run has a session of its own, and other runs beside it. All other threads take turns.
    """
    require_spark()
    spark()
    job = importlib.import_module(f"pipeline.jobs.{name}.job").JOB
    in_lane = hasattr(_lane, "sessions")
    with captured() as (out, err), gate.shared() if in_lane else _one_run, writing_parquet():
        code = _run_once(job, options, _lane.sessions if in_lane else sessions())
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, f"stdout has {len(lines)} lines"
    report = json.loads(lines[0])
    assert report["exit_code"] == code
    return code, report, err.getvalue()


def _run_once(job, options, of):
    from pipeline.jobs.common.run import runner
    return runner.run_once(job, [str(option) for option in options], of)


@contextlib.contextmanager
def lanes(count=2):
    """An executor whose threads run jobs at the same time, in the one JVM. Planning a query keeps one core busy."""
    spark()
    pool = concurrent.futures.ThreadPoolExecutor(count, initializer=_open_lane)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _open_lane():
    from pipeline.jobs.common.run.session import Sessions
    _lane.sessions = Sessions()
    _lane.sessions._spark = spark().newSession()


@contextlib.contextmanager
def captured():
    """(stdout, stderr) of this thread meanwhile, as StringIO. Other threads keep theirs."""
    with _one_start:
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), _ByThread):
                setattr(sys, name, _ByThread(getattr(sys, name), name))
    _captured.stdout, _captured.stderr = io.StringIO(), io.StringIO()
    try:
        yield _captured.stdout, _captured.stderr
    finally:
        del _captured.stdout, _captured.stderr


class _ByThread(io.TextIOBase):
    """A stream that hands what is written on to the one that this thread captures with, or to the real one."""

    def __init__(self, real, name):
        self._real, self._name = real, name

    def write(self, text):
        return getattr(_captured, self._name, self._real).write(text)

    def flush(self):
        getattr(_captured, self._name, self._real).flush()


def seed(variable="IDEXTRACTOR_SEED", fixed=20251029):
    """Seed of a property test: fixed on CI, printed always."""
    value = int(os.environ.get(variable) or (fixed if os.environ.get("CI") else random.randrange(1 << 32)))
    print(f"{variable}={value}", file=sys.stderr)
    return value


def frame_of(rows, schema, session=None):
    """A frame of tuples. It goes through JSON: frames of Python rows start Python workers, which takes seconds."""
    names = [part.split()[0] for part in schema.split(", ")]
    kinds = [part.split(None, 1)[1] for part in schema.split(", ")]
    texts = ", ".join(f"`{name}` {'string' if is_text(kind) else kind}" for name, kind in zip(names, kinds))
    lines = [json.dumps(dict(zip(names, map(_in_json, row)))) for row in rows]
    return frame_of_json(lines, texts, session).selectExpr(
        *[f"unhex(`{name}`) as `{name}`" if kind == "binary" else f"cast(`{name}` as {kind}) as `{name}`"
          for name, kind in zip(names, kinds)])


def frame_of_json(lines, schema=None, session=None):
    """A frame of objects in JSON; without a schema Spark infers one."""
    from pyspark.sql import DataFrame
    session = session or data_session()
    texts = session._jvm.java.util.ArrayList()
    for line in lines:
        texts.add(line)
    dataset = session._jsparkSession.createDataset(texts, session._jvm.org.apache.spark.sql.Encoders.STRING())
    reader = session._jsparkSession.read()
    return DataFrame((reader.schema(schema) if schema else reader).json(dataset), session)


def is_text(kind):
    """Whether JSON holds values of a type as text."""
    return kind in ("binary", "date") or kind.startswith(("decimal", "timestamp"))


def _in_json(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, decimal.Decimal) else value


class SparkTestCase(unittest.TestCase):
    """A test with Spark and a folder of its own."""

    @classmethod
    def setUpClass(cls):
        require_spark()
        from . import background
        background.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="idextractor-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, path, rows, schema):
        """One Parquet file of tuples, by Spark. schema is a DDL string."""
        self.write_once(path, (repr(rows), schema), lambda: frame_of(rows, schema))

    def write_once(self, path, key, make_frame):
        """One Parquet file by Spark. Tests that write the same again get the same bytes: Spark makes them once for each key."""
        if key not in _written:
            self.write_frame(path, make_frame())
            with open(os.path.join(self.folder, path), "rb") as stream:
                _written[key] = stream.read()
            return
        target = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        # A new file takes the place of an old one, as Spark's does.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target)
        with open(target, "wb") as stream:
            stream.write(_written[key])

    def write_frame(self, path, frame, **options):
        staging = tempfile.mkdtemp(dir=self.folder, prefix="_write-")
        target = os.path.join(self.folder, path)
        with writing_parquet(**options):
            frame.coalesce(1).write.options(**options).mode("append").parquet("file://" + staging)
        part = next(name for name in os.listdir(staging) if name.endswith(".parquet"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(os.path.join(staging, part), target)

    def read(self, path):
        """Rows of a Parquet file as dicts; timestamps as microseconds since 1970, dates as text."""
        from pyspark.sql import functions as F
        frame = data_session().read.option("__globPaths__", "false").parquet("file://" + path)
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
