"""Measures the Spark jobs: rows per second and core, shuffle bytes, fixed cost, memory; extract_ids
in turns with the engine and with Spark alone.

  python3 -m bench.spark.run [--sizes 3000000 30000000] [--silver 1000000] [--gold 10000000]
  [--rounds 3] [--data DIR] [--result FILE]

Everything is raw: one line of JSON per run, with the machine and the versions. A summary goes to stdout.
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time

from bench.end_to_end import machine

from . import data

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENGINE = os.path.join(ROOT, "src", "IdExtractor", "bin", "Release", "net10.0", "idextractor.dll")
CORES = 2
PAGE = os.sysconf("SC_PAGE_SIZE")


class Bench:
    """One measurement: runs are processes, and each leaves its facts in the result file."""

    def __init__(self, folder, result):
        self.folder, self.result, self.lines = folder, result, []
        os.makedirs(os.path.dirname(os.path.abspath(result)), exist_ok=True)
        self.write({"schema": "idextractor.bench.spark/1", "machine": machine.describe(ROOT), "spark": version("pyspark"),
                    "java": machine.output(["java", "--version"]), "cores": CORES})

    def write(self, line):
        self.lines.append(line)
        with open(self.result, "w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(one) + "\n" for one in self.lines)

    def run(self, name, rows, command, spark=True):
        """Runs a command and records seconds, CPU, memory, shuffle bytes and its report."""
        events = os.path.join(self.folder, "events")
        shutil.rmtree(events, ignore_errors=True)
        os.makedirs(events)
        if spark:
            command = [*command, "--master", f"local[{CORES}]", "--spark-conf", "spark.eventLog.enabled=true", "--spark-conf",
                       f"spark.eventLog.dir=file://{events}"]
        began, load = time.monotonic(), os.getloadavg()[0]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        peak, stop = [0], threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, peak, stop))
        watcher.start()
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        stop.set()
        watcher.join()
        if status:
            raise SystemExit(f"{name} failed with exit code {os.waitstatus_to_exitcode(status)}: {out[-500:]}")
        report = json.loads(out.splitlines()[-1]) if out.strip().startswith("{") or spark else {}
        shuffled, job_seconds = shuffle(events)
        self.write({"name": name, "rows": rows, "seconds": round(seconds, 3), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
                    "peak_rss_bytes": peak[0],
                    "shuffle_bytes": shuffled, "query_seconds": job_seconds, "load_before": load, "counts": report.get("counts"),
                    "inner_seconds": report.get("inner_s")})
        print(f"{name} {rows:,}: {seconds:.1f} s, {rows / seconds / CORES:,.0f} rows per second and core, {shuffled:,} bytes shuffled, "
              f"{peak[0] >> 20} MiB (load {load:.1f})", flush=True)
        return report


def watch(pid, peak, stop):
    """The largest resident memory of a process and its children together."""
    while not stop.wait(0.2):
        total, children = 0, {pid}
        for path in glob.glob("/proc/[0-9]*/stat"):
            fields = machine.read(path).rpartition(")")[2].split()
            if fields and (int(path.split("/")[2]) in children or int(fields[1]) in children):
                children.add(int(path.split("/")[2]))
                total += int(fields[21]) * PAGE
        peak[0] = max(peak[0], total)


def shuffle(folder):
    """(bytes written to shuffles, seconds of all jobs) of an event log."""
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


def version(module):
    return machine.output([sys.executable, "-c", f"import {module}; print({module}.__version__)"])


def job(name, *options):
    return [sys.executable, "-m", f"pipeline.jobs.{name}", *options]


def measure_extract(bench, spark, sizes, rounds):
    a = data.people(spark(), bench.folder)
    for rows in sizes:
        for reader in ("vectorised", "row"):
            b = data.accounts(spark(), bench.folder, rows, reader)
            for number in range(rounds):
                out = fresh(bench.folder, "out")
                options = ["--table-a", a, "--table-b", b, "--output", out]
                report = bench.run(f"extract_ids {reader}", rows, job("extract_ids", *options))
                bench.run(f"engine {reader}", rows, ["dotnet", ENGINE, "extract", *options, "--threads", str(CORES), "--log", "json"],
                          spark=False)
                bare = fresh(bench.folder, "bare")
                settings = [f"spark.sql.parquet.enableVectorizedReader={'true' if reader == 'vectorised' else 'false'}",
                            "spark.sql.shuffle.partitions=4"]
                bench.run(f"bare {reader}", rows, [sys.executable, os.path.join(os.path.dirname(__file__), "bare.py"), a,
                                                   os.path.join(b, "ano_mes_dia=20251029"), bare, *settings], spark=False)
                assert report["counts"]["total_ids"] > 0, number


def measure_silver(bench, spark, rows, rounds):
    bronze, late = data.events(spark(), bench.folder, rows), data.events(spark(), bench.folder, rows // 100, late=True)
    for _ in range(rounds):
        target = fresh(bench.folder, "silver")
        shutil.rmtree(target + "_quarantine", ignore_errors=True)
        bench.run("bronze_to_silver cold", rows, job("bronze_to_silver", "--source", bronze, "--target", target))
        bench.run("bronze_to_silver late 1%", rows // 100, job("bronze_to_silver", "--source", late, "--target", target))


def measure_gold(bench, spark, rows, rounds):
    silver = data.people_of_months(spark(), bench.folder, rows)
    for _ in range(rounds):
        bench.run("silver_to_gold", rows, job("silver_to_gold", "--source", silver, "--target", fresh(bench.folder, "gold")))


def fresh(folder, name):
    path = os.path.join(folder, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def summarize(lines):
    """Median seconds per name and size, with the ratio to the engine where it ran."""
    runs = {}
    for line in lines:
        if "name" in line:
            runs.setdefault((line["name"], line["rows"]), []).append(line)
    for (name, rows), found in runs.items():
        seconds = statistics.median(line["seconds"] for line in found)
        print(f"{name:28} {rows:>12,} {seconds:8.1f} s {rows / seconds / CORES:12,.0f} rows/s/core "
              f"{max(line['peak_rss_bytes'] for line in found) >> 20:6} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[3_000_000, 30_000_000])
    parser.add_argument("--silver", type=int, default=1_000_000)
    parser.add_argument("--gold", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", default=os.path.join(ROOT, "data", "spark-bench"))
    parser.add_argument("--result", default=os.path.join(ROOT, "bench", "results", time.strftime("%Y-%m-%d"), "spark-jobs.jsonl"))
    options = parser.parse_args()
    os.makedirs(options.data, exist_ok=True)
    session = []

    def spark():
        """A session that makes tables. It is stopped before anything is measured."""
        if not session:
            from pyspark.sql import SparkSession
            session.append(SparkSession.builder.master(f"local[{CORES}]").config("spark.ui.enabled",
                    "false").config("spark.sql.session.timeZone", "UTC").getOrCreate())
        return session[0]

    data.people(spark(), options.data)
    for rows in options.sizes:
        for reader in ("vectorised", "row"):
            data.accounts(spark(), options.data, rows, reader)
    if options.silver:
        data.events(spark(), options.data, options.silver)
        data.events(spark(), options.data, options.silver // 100, late=True)
    if options.gold:
        data.people_of_months(spark(), options.data, options.gold)
    session[0].stop()
    bench = Bench(options.data, options.result)
    no_session = lambda: None  # noqa: E731 the tables are there
    measure_extract(bench, no_session, options.sizes, options.rounds)
    if options.silver:
        measure_silver(bench, no_session, options.silver, options.rounds)
    if options.gold:
        measure_gold(bench, no_session, options.gold, options.rounds)
    summarize(bench.lines)


if __name__ == "__main__":
    main()
