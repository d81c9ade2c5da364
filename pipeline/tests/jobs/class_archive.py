"""An archive of the classes that jobs load. A JVM maps it instead of loading and verifying them, which takes a third of a first run.

Run as a program with the name of a file, this is the run whose JVM writes the archive when it ends.
"""
import os
import subprocess
import sys
import tempfile
import threading

from . import spark_support

_state = {}
_one_archive = threading.Lock()


def archive():
    """The file. The first call makes it. None if this JVM writes none: without it, a start takes longer and is the same."""
    with _one_archive:
        if "file" not in _state:
            _state["folder"] = tempfile.TemporaryDirectory(prefix="idextractor-archive-")
            file = os.path.join(_state["folder"].name, "classes.jsa")
            done = subprocess.run([sys.executable, "-m", "pipeline.tests.jobs.class_archive", file], cwd=spark_support.ROOT,
                                  env=spark_support.process_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  check=False)
            _state["file"] = file if done.returncode == 0 and os.path.exists(file) else None
        return _state["file"]


def main(file):
    spark_support.SETTINGS = [(name, f"{value} -XX:ArchiveClassesAtExit={file}" if name == spark_support.JVM_OPTIONS else value)
                              for name, value in spark_support.SETTINGS]
    samples = os.path.join(spark_support.ROOT, "samples")
    with tempfile.TemporaryDirectory(prefix="idextractor-archive-") as folder:
        for job, source in (("bronze_to_silver", "bronze"), ("silver_to_gold", "silver")):
            code, report, _ = spark_support.run_job(job, "--source", os.path.join(samples, source), "--target", os.path.join(folder, job))
            if code:
                return report["error"]["message"]
    from pyspark import SparkContext
    process = SparkContext._gateway.proc
    spark_support.spark().stop()
    process.stdin.close()
    return process.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
