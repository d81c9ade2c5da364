"""Spark sessions: one for the columnar reader, one for the row reader, both with the settings that results depend on."""
import contextlib
import locale
import logging
import os
import shutil
import subprocess
import sys
import tempfile

from ..errors import ConfigurationError, UsageError
from .endless import Watch

HADOOP = "spark.hadoop."
# Results depend on these, so they win over the user's settings and over the cluster's defaults.
FIXED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.maxRecordsPerFile": "0",
    "spark.sql.jsonGenerator.ignoreNullFields": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.parquet.compression.codec": "snappy",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96TimestampConversion": "false",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.writeLegacyFormat": "false",
    "spark.sql.sources.useV1SourceList": "avro,csv,json,kafka,orc,parquet,text",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
}

# The appender drops everything. Without one Spark takes the configuration for missing, and with a level other than warn it prints a notice.
QUIET_LOGGING = """status = off
appender.none.type = Null
appender.none.name = none
rootLogger.level = warn
rootLogger.appenderRef.none.ref = none
"""


class Stop(BaseException):
    """SIGTERM. Not an Exception: py4j would turn it into an error of its own."""


class Sessions:
    """The sessions of a process. They are made on first use and shared by the runs of a batch."""

    def __init__(self):
        self._spark = None
        self._row = None
        self._owned = False
        self._joined = False
        """Whether the session was there before: no setting of ours is a default in it."""
        self._scratch = None
        self._defaults = {}
        self._restore = {}
        self._restore_hadoop = {}
        self._settings = []
        self._first_settings = []
        self.watch = Watch(self)
        self.is_interruptible = True
        """Whether SIGTERM may end what the process does now."""
        self.is_interrupted = False

    @property
    def is_owned(self):
        """Whether this process started the session, with an executor of its own."""
        return self._owned

    def process_id(self):
        """Of the JVM, if this process started it."""
        return self._process().pid if self._owned else None

    def has_lost_jvm(self):
        """Whether the JVM that this process started has ended. One that was killed just now is waited for."""
        if self._spark is None or not self._owned:
            return False
        try:
            self._process().wait(timeout=2)
        except subprocess.TimeoutExpired:
            return False
        return True

    def context(self):
        """Java's SparkContext."""
        return self._spark.sparkContext._jsc.sc()

    def get(self, options):
        """The session, with FIXED and the user's settings in effect until the next begin()."""
        if self._spark is not None and not self._alive():
            self.discard()
        if self._spark is None:
            self._start_whole(options)
            self._settings, self._first_settings = list(options.spark_conf), [] if self._joined else list(options.spark_conf)
            if not self._joined:
                self._revert_first_settings_later()
            self._apply(self._spark, remember=self._joined)
        return self._spark

    def begin(self, options):
        """Applies the settings of a run, and reverts those of the previous one."""
        self._row = None
        if self._spark is None or not self._alive():
            return
        for name, value in self._restore.items():
            _set(self._spark, name, value)
        for name, value in self._restore_hadoop.items():
            if value is None:
                self._hadoop().unset(name)
            else:
                self._hadoop().set(name, value)
        self._restore, self._restore_hadoop = {}, {}
        self._settings = list(options.spark_conf)
        self._apply(self._spark, remember=True)

    def row_reader(self):
        """A session whose Parquet reader is the row reader. Frames of both sessions can be joined and united.

        A scan asks the session that made it (FileSourceScanExec, relation.sparkSession), so that the readers differ in one query.
        """
        if self._row is None:
            self._row = self._spark.newSession()
            for name, _ in self._first_settings:  # a new session starts with those
                if self._spark.conf.isModifiable(name):
                    _set(self._row, name, self._spark.conf.get(name, None))
            self._apply(self._row)
            self._row.conf.set("spark.sql.parquet.enableVectorizedReader", "false")
        return self._row

    def abort(self):
        """Ends the work of Spark at once. Safe in a signal handler."""
        if self._spark is None:
            return
        try:
            if self._owned:
                self._process().kill()
                self._process().wait(timeout=10)
            else:
                self._spark.sparkContext.cancelAllJobs()
        except Exception:  # the JVM is gone already: that is what was wanted
            pass

    def close(self):
        """Stops a session that this process started. One of the cluster's is left alone."""
        if self._spark is not None and self._owned:
            if self._alive():
                try:
                    self._spark.stop()
                except Exception:  # the JVM ended in between
                    pass
            self.discard()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def discard(self):
        """Forgets a session whose JVM is gone, so that the next run of a batch starts another."""
        from pyspark import SparkContext
        from pyspark.sql import SparkSession
        if self._owned:
            gateway = SparkContext._gateway
            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
            SparkSession._instantiatedSession = None
            if gateway is not None and getattr(gateway, "proc", None) is not None:
                try:
                    gateway.shutdown()
                except Exception:  # it is gone
                    pass
                if gateway.proc.stdin is not None:
                    gateway.proc.stdin.close()
                try:
                    gateway.proc.wait(timeout=10)
                except Exception:  # a JVM that hangs in its shutdown hooks
                    gateway.proc.kill()
                    gateway.proc.wait()
        self._spark = self._row = None
        self._restore, self._restore_hadoop = {}, {}

    def _hadoop(self):
        return self._spark.sparkContext._jsc.hadoopConfiguration()

    def _revert_first_settings_later(self):
        """The settings that the first run gave are defaults of Spark's session. The next run gets what they would have been without it."""
        hadoop = self._spark._jvm.org.apache.hadoop.conf.Configuration()
        for name, _ in self._first_settings:
            if name.startswith(HADOOP):
                self._restore_hadoop[name[len(HADOOP):]] = hadoop.get(name[len(HADOOP):])
            elif self._spark.conf.isModifiable(name):
                self._restore[name] = self._defaults.get(name)

    def _process(self):
        from pyspark import SparkContext
        return SparkContext._gateway.proc

    def _alive(self):
        from pyspark import SparkContext
        process = getattr(SparkContext._gateway, "proc", None)
        if SparkContext._gateway is None or (process is not None and process.poll() is not None):
            return False
        try:
            return not self._spark.sparkContext._jsc.sc().isStopped()
        except Exception:  # any failure to ask is the answer
            return False

    def _start_whole(self, options):
        """SIGTERM takes effect when Spark has started: a JVM whose start was left halfway would run on, and nobody knows its process."""
        interruptible, self.is_interruptible = self.is_interruptible, False
        try:
            self._start(options)
        except ConfigurationError:
            if not (interruptible and self.is_interrupted):
                raise
        finally:
            self.is_interruptible = interruptible
        if interruptible and self.is_interrupted:
            self.abort()
            raise Stop()

    def _start(self, options):
        try:
            from pyspark import SparkContext
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise ConfigurationError("pyspark cannot be imported: pip install pyspark==3.5.6") from error
        if not logging.getLogger().handlers:
            # py4j tells the root logger of a JVM that is gone, with a traceback. The report of the run has it.
            logging.getLogger().addHandler(logging.NullHandler())
        self._joined = SparkContext._active_spark_context is not None
        existing = "PYSPARK_GATEWAY_PORT" in os.environ or self._joined
        self._owned = not existing
        builder = SparkSession.builder.appName("idextractor")
        master = options.master or os.environ.get("SPARK_MASTER")
        if not existing:
            master = master or "local[*]"
        if master and not self._joined:
            builder = builder.master(master)
        if not existing:
            self._defaults = self._own_defaults(master)
            for name, value in self._defaults.items():
                builder = builder.config(name, value)
        for name, value in () if self._joined else options.spark_conf:
            builder = builder.config(name, value)
        if not existing:
            builder = builder.config("spark.driver.extraJavaOptions", self._java_options(dict(options.spark_conf)))
        try:
            with _utf8_file_names():
                self._spark = builder.getOrCreate()
        except Exception as error:
            self._owned, owned = False, self._owned
            if owned:
                SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
            raise ConfigurationError(
                f"Spark does not start with master {master or '(the cluster)'} ({type(error).__name__}). "
                "Check Java 17, --master and --spark-conf") from error
        if not self._owned:
            # Its log goes to the streams of this process, and its lines may quote values of rows.
            self._spark.sparkContext.setLogLevel("OFF")
        self._ignore_checksum_files()
        server = getattr(self._spark.sparkContext, "_accumulatorServer", None)
        if server is not None:
            # It would print a traceback when its JVM is gone. The report of the run has that.
            server.handle_error = lambda *_: None

    def _ignore_checksum_files(self):
        """On disk, Hadoop checks a file against `.NAME.crc` next to it.

        Such a hidden file of another writer may be stale, and pages have checksums of their own.
        """
        jvm, context = self._spark._jvm, self._spark.sparkContext
        files = jvm.org.apache.hadoop.fs.FileSystem.get(jvm.java.net.URI("file:///"), context._jsc.hadoopConfiguration())
        files.setVerifyChecksum(False)
        files.setWriteChecksum(False)

    def _own_defaults(self, master):
        self._scratch = self._scratch or tempfile.mkdtemp(prefix="idextractor-")
        defaults = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.warehouse.dir": os.path.join(self._scratch, "warehouse"),
        }
        if master.startswith("local"):
            defaults["spark.driver.bindAddress"] = defaults["spark.driver.host"] = "127.0.0.1"
            defaults["spark.sql.shuffle.partitions"] = str(2 * _cores(master))
            # The watch for endless pages sees the progress of a task as often as this.
            defaults["spark.executor.heartbeatInterval"] = "1s"
        return defaults

    def _java_options(self, settings):
        """JVM options. Spark's own log lines may quote values of rows, so the JVM logs nothing. Upper and lower case are those of English:
        a Turkish machine would make other text of the same rows.
        """
        path = os.path.join(self._scratch, "log4j2.properties")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(QUIET_LOGGING)
        mine = f"-Dlog4j2.configurationFile={path} -Duser.timezone=UTC -Duser.language=en -Duser.country=US"
        return f"{settings.get('spark.driver.extraJavaOptions', '')} {mine}".strip()

    def _apply(self, spark, remember=False):
        from pyspark.errors import PySparkException
        for name, value in [*self._settings, *FIXED.items()]:
            if name.startswith(HADOOP):
                if remember:
                    self._restore_hadoop.setdefault(name[len(HADOOP):], self._hadoop().get(name[len(HADOOP):]))
                self._hadoop().set(name[len(HADOOP):], value)
                continue
            before = spark.conf.get(name, None)
            if before == value or (not name.startswith("spark.sql.") and (name, value) in self._first_settings):
                continue
            try:
                spark.conf.set(name, value)
            except PySparkException as error:
                if spark.sparkContext.getConf().get(name) == value:
                    continue
                raise UsageError(f"--spark-conf {name}: cannot be changed in a session that is running") from error
            if remember and name not in FIXED:
                self._restore.setdefault(name, before)


def _set(session, name, value):
    if value is None:
        session.conf.unset(name)
    else:
        session.conf.set(name, value)


@contextlib.contextmanager
def _utf8_file_names():
    """A JVM takes the encoding of file names from the locale. It finds no `ação.parquet` where that is C, or one that is not installed."""
    if _is_utf8_locale() or sys.getfilesystemencoding() != "utf-8":
        # Otherwise Python and the JVM would not call a file by the same name.
        yield
        return
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before


def _is_utf8_locale():
    """Whether the locale of the environment, which child processes take, is installed and has UTF-8."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "")
        return locale.nl_langinfo(locale.CODESET).upper().replace("-", "") == "UTF8"
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _cores(master):
    """Tasks at a time of a local master: local[4] has 4, local[*] the machine's."""
    text = master[len("local"):].strip("[]").split(",")[0].strip()
    if text.isdigit():
        return max(1, int(text))
    return len(os.sched_getaffinity(0)) if text == "*" else 1
