"""Exceptions as typed errors. Messages of Java exceptions may quote values of rows: they are searched, never shown."""
import errno
import traceback

from ..errors import ConfigurationError, InputError, JobError, OutOfMemoryError, TemporaryError

GONE = ("Py4JNetworkError", "ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "EOFError")

# What expressions of the jobs refuse, by what Spark's exceptions then say.
BAD_VALUES = {"DUPLICATED_MAP_KEY": "a map has a key twice, which JSON cannot hold",
              "a decimal has more digits than its type": "a decimal has more digits than its type"}
LOST_CONNECTIONS = ("ExecutorLostFailure", "FetchFailed", "SlowDown", "java.net.ConnectException", "java.net.SocketException",
                    "java.net.SocketTimeoutException", "java.net.UnknownHostException")


def java_chain(error):
    """[(class name, message)] of the Java exceptions behind a Python one, outermost first."""
    throwable = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    chain = []
    try:
        while throwable is not None and len(chain) < 20:
            chain.append((throwable.getClass().getName(), throwable.getMessage() or ""))
            throwable = throwable.getCause()
    except Exception:  # the JVM died while it was asked
        pass
    return chain


def typed(error):
    """The typed error, or None for a bug."""
    if isinstance(error, JobError):
        return error
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in ("pyspark", "py4j"):
        return ConfigurationError("pyspark cannot be imported: pip install pyspark==3.5.6")
    if isinstance(error, MemoryError):
        return ConfigurationError("the driver is out of memory: give it more")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TemporaryError("the disk is full: free space and run again")
    names = {kind.__name__ for kind in type(error).__mro__}
    if names.intersection(GONE) or _lost_jvm(error):
        return lost_jvm()
    return _typed_java(java_chain(error))


def lost_jvm():
    """The error of a JVM that died."""
    return TemporaryError("the JVM of Spark is gone (killed, or out of memory); run again")


def _lost_jvm(error):
    """Py4JError without a Java exception: the reply never came."""
    return type(error).__name__ == "Py4JError" and "does not exist" not in str(error)


def _typed_java(chain):
    text = "\n".join(f"{name}: {message}" for name, message in chain)
    if not text:
        return None
    if any(reason in text for reason in ("No space left on device", "Disk quota exceeded", "File too large")):
        return TemporaryError("a disk is full (staging or Spark's local folder): free space and run again")
    if "java.lang.OutOfMemoryError" in text:
        return OutOfMemoryError("Spark is out of memory: raise spark.driver.memory or spark.executor.memory")
    if "ClassNotFoundException" in text and "fs" in text.lower() or "No FileSystem for scheme" in text:
        return ConfigurationError("Spark has no file system for this scheme: add its connector (hadoop-aws for s3) and "
                                  "spark.hadoop.fs.s3.impl")
    if "AccessDenied" in text or "Access Denied" in text or "Permission denied" in text:
        return ConfigurationError("Spark has no permission to read the source or to write the target")
    if "java.io.FileNotFoundException" in text or "Path does not exist" in text or "PATH_NOT_FOUND" in text:
        return TemporaryError("an input file disappeared while it was read; run again")
    if any(reason in text for reason in ("SparkContext was shut down", "stopped SparkContext", "has been cancelled", "was cancelled")):
        return TemporaryError("Spark was stopped while the job ran; run again")
    for reason, what in BAD_VALUES.items():
        if reason in text:
            return InputError(f"{what}; correct the file")
    if any(reason in text for reason in LOST_CONNECTIONS):
        return TemporaryError("Spark lost an executor or a connection; run again")
    return None


def kinds(error):
    """The type of an exception, and that of the Java exception at its root."""
    chain = java_chain(error)
    return type(error).__name__ + (f" of {chain[-1][0]}" if chain else "")


def safe_traceback(error):
    """The frames of a bug and the types of its exceptions, without their messages."""
    lines, seen = [], []
    while error is not None and error not in seen:
        seen.append(error)
        lines += [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
        lines.append(type(error).__name__)
        lines += [f"  java: {name}" for name, _ in java_chain(error)]
        error = error.__cause__
    return "\n".join(lines)
