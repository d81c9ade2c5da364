"""What statistics, page index and bloom filters save, by number of keys and order of the documents."""
import argparse
import datetime
import json
import os
import subprocess
import tempfile

from . import engines, machine
from .main import BENCH, ROOT, say

TABLES = ["scattered", "bloom", "clustered"]
KEYS = [10, 100, 1000, 100_000]


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/pruning", description="Runs the job with few and many keys over tables that Spark wrote, and tells what was not read.",
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--rows", type=int, default=12_000_000, help="rows of Table B, 100,000 or more")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each case, of which the shortest counts")
    parser.add_argument("--data", default=os.path.join(BENCH, ".data"), help="where data sets and tools are kept between runs")
    parser.add_argument("--app", help="a folder with a published idextractor, instead of publishing this working tree")
    parser.add_argument("--results", default=os.path.join(BENCH, "results", datetime.date.today().isoformat()), help="where the raw results go; 'none' for nowhere")
    return parser.parse_args(arguments)


def main(arguments=None):
    options = parse(arguments)
    tools = engines.Tools(ROOT, BENCH, os.path.abspath(options.data), say)
    environment, reason = tools.spark()
    if environment is None:
        say(f"The tables cannot be made: {reason}")
        return 1
    tables = os.path.join(tools.data, f"pruning-{options.rows}")
    if not os.path.isdir(tables):
        say("Making the tables ...")
        subprocess.run([environment["SPARK_PYTHON"], os.path.join(tools.peers, "cluster_spark.py"), tables, str(options.rows)], check=True, env=environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    app = engines.IdExtractor(tools, options.app).app
    cases = [measure(app, tables, table, keys, options.rounds) for table in TABLES for keys in KEYS]
    if options.results != "none":
        os.makedirs(options.results, exist_ok=True)
        with open(os.path.join(options.results, "pruning.json"), "w", encoding="utf-8") as file:
            json.dump({"machine": machine.describe(ROOT), "rows": options.rows, "rounds": options.rounds, "cases": cases}, file, indent=1)
    print("| table | keys | ids | row groups skipped | pages skipped | read, of both columns | extract, s |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for case in cases:
        print(f"| {case['table']} | {case['keys']:,} | {case['ids']:,} | {case['row_groups_skipped']} of {case['row_groups']} | {case['pages_skipped']:,} "
              f"| {100 * case['bytes_read'] / case['column_bytes']:.1f} % | {min(case['seconds']):.3f} |")
    return 0


def measure(app, tables, table, keys, rounds):
    """One case: the counters of the run, which are the same each time, and its seconds each time."""
    key_file, table_b = os.path.join(tables, f"keys-{keys}.txt"), os.path.join(tables, table)
    seconds = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.json")
            subprocess.run([os.path.join(app, "idextractor"), "extract", "--table-a", key_file, "--table-b", table_b, "--output", folder, "--quiet", "--report", report],
                           check=True, stdout=subprocess.DEVNULL)
            with open(report, encoding="utf-8") as file:
                told = json.load(file)
            seconds.append(told["seconds"])
    plan = json.loads(subprocess.run([os.path.join(app, "idextractor"), "plan", "--table-a", key_file, "--table-b", table_b, "--json"], check=True, capture_output=True, text=True).stdout)
    b = next(table_input for table_input in plan["inputs"] if table_input["role"] == "b")
    counters = told["counters"]
    return {
        "table": table, "keys": keys, "ids": counters["distinct_ids"], "row_groups": b["row_groups"], "row_groups_skipped": counters["row_groups_skipped"],
        "pages_skipped": counters["pages_skipped"], "bytes_read": counters["bytes_read"] - os.path.getsize(key_file),
        "column_bytes": sum(column["bytes"] for column in plan["columns"] if column["role"] == "b"),
        "seconds": seconds,
    }
