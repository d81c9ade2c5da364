"""Runs a process and records what it took: seconds, CPU, memory of Python and of the JVM, bytes shuffled."""
import glob
import json
import os
import shutil
import subprocess
import sys
import threading
import time

from bench.end_to_end import machine

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORES = 2
PAGE = os.sysconf("SC_PAGE_SIZE")


class Bench:
    """One file of results. Lines are added to it, and none is ever changed."""

    def __init__(self, folder, result, engine):
        self.folder, self.result, self._round = folder, result, {}
        os.makedirs(os.path.dirname(os.path.abspath(result)), exist_ok=True)
        self.write({"schema": "idextractor.bench.spark/2", "machine": describe(), "spark": version("pyspark"),
                    "python": sys.version.split()[0], "java": machine.output(["java", "--version"]), "engine": machine.output([*engine, "--version"]), "cores": CORES})

    def write(self, line):
        with open(self.result, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")

    def run(self, name, rows, command, spark=True, heap=None):
        """Runs a command and records it. Returns the report of a job."""
        events = os.path.join(self.folder, "events")
        shutil.rmtree(events, ignore_errors=True)
        os.makedirs(events)
        if spark:
            command = [*command, "--master", f"local[{CORES}]", "--spark-conf", "spark.eventLog.enabled=true", "--spark-conf",
                       f"spark.eventLog.dir=file://{events}"]
            command += ["--spark-conf", f"spark.driver.memory={heap}"] if heap else []
        load, busy, began = os.getloadavg()[0], machine.busy_seconds(), time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        watch = Watch(process.pid)
        out = process.stdout.read()
        status = process.wait()
        seconds, busy = time.monotonic() - began, machine.busy_seconds() - busy
        peak, cpu = watch.stop()
        if status:
            raise SystemExit(f"{name} failed with exit code {status}: {out[-500:]}")
        report = json.loads(out.splitlines()[-1]) if out.strip().startswith("{") else {}
        shuffled, query = shuffle(events)
        self.write({"name": name, "rows": rows, "seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3),
                    "other_cpu_seconds": round(busy - cpu, 3), "peak_rss_bytes": peak["all"], "peak_jvm_bytes": peak["java"],
                    "peak_driver_python_bytes": peak["python"], "shuffle_bytes": shuffled, "query_seconds": query, "heap": heap,
                    "load_before": load, "counts": report.get("counts"), "inner_seconds": report.get("inner_s")})
        print(f"{name} {rows:,}: {seconds:.1f} s ({cpu:.1f} s of CPU, others {busy - cpu:.1f}), {rows / seconds / CORES:,.0f} rows per "
              f"second and core, {shuffled:,} bytes shuffled, JVM {peak['java'] >> 20} MiB, Python {peak['python'] >> 20} MiB", flush=True)
        return report


class Watch:
    """The largest resident memory of a process and its children (together, of Java, of Python), and the CPU seconds of all of them.

    A JVM that its parent does not wait for is in no rusage, so CPU is what was seen last, at most a fifth of a second before the end.
    """

    def __init__(self, pid):
        self._pid, self._peak, self._stop = pid, {"all": 0, "java": 0, "python": 0}, threading.Event()
        self._ticks = {}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._stop.wait(0.2):
            found, family = {"all": 0, "java": 0, "python": 0}, {self._pid}
            for path in sorted(glob.glob("/proc/[0-9]*/stat"), key=lambda path: int(path.split("/")[2])):
                head, _, rest = machine.read(path).rpartition(")")
                fields, pid = rest.split(), int(path.split("/")[2])
                if fields and (pid in family or int(fields[1]) in family):
                    family.add(pid)
                    self._ticks[pid] = int(fields[11]) + int(fields[12])
                    size, name = int(fields[21]) * PAGE, head.partition("(")[2]
                    found["all"] += size
                    kind = "java" if name == "java" else "python" if name.startswith("python") else None
                    if kind:
                        found[kind] += size
            self._peak = {kind: max(size, found[kind]) for kind, size in self._peak.items()}

    def stop(self):
        self._stop.set()
        self._thread.join()
        return self._peak, sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK")


def shuffle(folder):
    """(bytes written to shuffles, seconds of all Spark jobs) of an event log."""
    written, began, seconds = 0, {}, 0.0
    for path in glob.glob(os.path.join(folder, "*")):
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                event = json.loads(line)
                if event["Event"] == "SparkListenerTaskEnd":
                    written += ((event.get("Task Metrics") or {}).get("Shuffle Write Metrics") or {}).get("Shuffle Bytes Written", 0)
                elif event["Event"] == "SparkListenerJobStart":
                    began[event["Job ID"]] = event["Submission Time"]
                elif event["Event"] == "SparkListenerJobEnd":
                    seconds += (event["Completion Time"] - began[event["Job ID"]]) / 1000
    return written, round(seconds, 3)


def describe():
    """The machine, and whether what is measured is the commit."""
    clean = machine.output(["git", "-C", ROOT, "status", "--porcelain", "--", "src", "pipeline/jobs", "bench/spark"]) == ""
    return {**machine.describe(ROOT), "is_clean": clean}


def version(module):
    return machine.output([sys.executable, "-c", f"import {module}; print({module}.__version__)"])


def job(name, *options):
    return [sys.executable, "-m", f"pipeline.jobs.{name}", *options]
