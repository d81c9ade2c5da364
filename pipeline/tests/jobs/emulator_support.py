"""S3 and Glue for the tests: the emulator of the engine's own tests, and a file system for Spark that reaches it."""
import atexit
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

from . import spark_support

EMULATOR = os.path.join(spark_support.ROOT, "tests", "IdExtractor.Aws.Tests", "Emulator", "emulator.py")
JAVA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "java")

_state = {}


def start_emulator():
    """The emulator's URL. It ends with this process. Credentials of the environment are replaced by those of the emulator."""
    if "url" not in _state:
        try:
            import boto3  # noqa: F401
            import moto  # noqa: F401
        except ImportError as error:
            if os.environ.get("CI"):
                raise
            raise unittest.SkipTest(f"no emulator: {error}") from error
        process = subprocess.Popen([sys.executable, EMULATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        atexit.register(_end, process)
        _state["url"] = f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true")
        os.environ.pop("AWS_PROFILE", None)
    return _state["url"]


def _end(process):
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


def compile_file_system():
    """Compiles the test-only file system and puts it on the class path of the session that is yet to start."""
    if "classes" not in _state:
        spark_support.require_spark()
        import pyspark
        jars = os.path.join(os.environ.get("SPARK_HOME") or os.path.dirname(pyspark.__file__), "jars", "*")
        folder = tempfile.mkdtemp(prefix="idextractor-classes-")
        sources = glob.glob(os.path.join(JAVA, "**", "*.java"), recursive=True)
        subprocess.run(["javac", "-nowarn", "-cp", jars, "-d", folder, *sources], check=True)
        _state["classes"] = folder
        atexit.register(subprocess.run, ["rm", "-rf", folder])
        spark_support.add_class_path(folder)
    return _state["classes"]


def client(service):
    import boto3
    return boto3.client(service, endpoint_url=start_emulator(), region_name="us-east-1")


def job_options():
    """Options with which a job reaches the emulator, from Python and from Spark."""
    return ("--endpoint-url", start_emulator(), "--region", "us-east-1", "--spark-conf", f"spark.hadoop.fs.emulator.endpoint={start_emulator()}")
