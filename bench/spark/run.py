"""Measures the Spark jobs: rows per second and core, shuffle bytes, fixed cost, memory; extract_ids in turns with the engine and with
Spark alone.

  python3 -m bench.spark.run --piece extract-3m --rounds 3 --engine data/app/idextractor --results bench/results/<date>-<commit>

A piece takes minutes, so each can be run alone while the machine is idle. Everything is raw: one line of JSON per run, with the
machine and the versions, appended to spark-PIECE.jsonl. python3 -m bench.spark.table prints the tables.
"""
import argparse
import datetime
import os
import shutil
import sys

from bench.end_to_end import machine

from . import data
from .measure import CORES, ROOT, Bench, job

HEAP = "1g"
BARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare.py")
SIZES = {"3m": 3_000_000, "30m": 30_000_000}
EVENTS = 1_000_000
LATE = EVENTS // 100
SALARIES = 10_000_000
READERS = ("vectorised", "row")


class Pieces:
    """What can be measured. Each piece is rounds of runs, in turns where they are compared."""

    def __init__(self, bench, folder, engine):
        self.bench, self.folder, self.engine = bench, folder, engine

    def extract(self, rows, number):
        """The twin, the engine and Spark alone on the same files, each first in turn."""
        a = data.people(None, self.folder)
        for reader in READERS:
            b = data.accounts(None, self.folder, rows, reader)
            runs = [lambda b=b, reader=reader: self._twin(a, b, rows, reader), lambda b=b, reader=reader: self._engine(a, b, rows, reader),
                    lambda b=b, reader=reader: self._bare(a, b, rows, reader)]
            for run in runs[number % 3:] + runs[:number % 3]:
                run()

    def _twin(self, a, b, rows, reader):
        report = self.bench.run(f"extract_ids {reader}", rows,
                                job("extract_ids", "--table-a", a, "--table-b", b, "--output", self._fresh("out")), heap=HEAP)
        assert report["counts"]["total_ids"] > 0

    def _engine(self, a, b, rows, reader):
        self.bench.run(f"engine {reader}", rows, [*self.engine, "extract", "--table-a", a, "--table-b", b, "--output",
                                                  self._fresh("engine"), "--threads", str(CORES), "--quiet"], spark=False)

    def _bare(self, a, b, rows, reader):
        self.bench.run(f"bare {reader}", rows, [sys.executable, BARE, a, os.path.join(b, "ano_mes_dia=20251029"), self._fresh("bare"),
                                                f"spark.sql.parquet.enableVectorizedReader={str(reader == 'vectorised').lower()}",
                                                f"spark.sql.shuffle.partitions={2 * CORES}", f"spark.driver.memory={HEAP}"], spark=False)

    def silver(self, _rows, _number):
        """A day's events into an empty table, then one percent more of the same day."""
        target = self._fresh("silver")
        shutil.rmtree(target + "_quarantine", ignore_errors=True)
        for name, rows, late in (("bronze_to_silver cold", EVENTS, False), ("bronze_to_silver late 1%", LATE, True)):
            self.bench.run(name, rows, job("bronze_to_silver", "--source", data.events(None, self.folder, rows, late), "--target", target))

    def gold(self, _rows, _number):
        self.bench.run("silver_to_gold", SALARIES, job("silver_to_gold", "--source", data.people_of_months(None, self.folder, SALARIES),
                                                       "--target", self._fresh("gold")))

    def fixed(self, _rows, _number):
        """A few rows: what a run costs before it reads."""
        tiny = data.tiny(None, self.folder)
        self.bench.run("extract_ids tiny", data.TINY, job("extract_ids", "--table-a", os.path.join(tiny, "a"), "--table-b",
                                                          os.path.join(tiny, "b"), "--output", self._fresh("out")))
        self.bench.run("engine tiny", data.TINY, [*self.engine, "extract", "--table-a", os.path.join(tiny, "a"), "--table-b",
                                                  os.path.join(tiny, "b"), "--output", self._fresh("engine"), "--quiet"], spark=False)
        self.bench.run("bare tiny", data.TINY, [sys.executable, BARE, os.path.join(tiny, "a"), os.path.join(tiny, "b"), self._fresh("bare"),
                                                f"spark.sql.shuffle.partitions={2 * CORES}"], spark=False)
        self.bench.run("bronze_to_silver tiny", data.TINY, job("bronze_to_silver", "--source", os.path.join(tiny, "bronze"), "--target",
                                                               self._fresh("silver")))
        self.bench.run("silver_to_gold tiny", data.TINY, job("silver_to_gold", "--source", os.path.join(tiny, "silver"), "--target",
                                                             self._fresh("gold")))

    def _fresh(self, name):
        path = os.path.join(self.folder, "out", name)
        shutil.rmtree(path, ignore_errors=True)
        return path


PIECES = {"extract-3m": ("extract", SIZES["3m"]), "extract-30m": ("extract", SIZES["30m"]), "silver": ("silver", EVENTS),
          "gold": ("gold", SALARIES), "fixed": ("fixed", data.TINY)}


def make(folder):
    """Makes the tables that are missing, and stops its session before anything is measured."""
    from pyspark.sql import SparkSession
    spark = (SparkSession.builder.master(f"local[{CORES}]").config("spark.ui.enabled", "false").config("spark.driver.memory", "3g")
             .config("spark.sql.session.timeZone", "UTC").getOrCreate())
    data.people(spark, folder)
    for rows in SIZES.values():
        for reader in READERS:
            data.accounts(spark, folder, rows, reader)
    data.events(spark, folder, EVENTS)
    data.events(spark, folder, LATE, late=True)
    data.people_of_months(spark, folder, SALARIES)
    data.tiny(spark, folder)
    spark.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--piece", choices=PIECES, action="append", help="repeatable; default all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", default=os.path.join(ROOT, "data", "spark-bench"))
    parser.add_argument("--engine", nargs="+", default=[os.path.join(ROOT, "data", "app", "idextractor")],
                        help="the program: dotnet publish src/IdExtractor -c Release -o data/app")
    parser.add_argument("--results", help="folder of the raw results, to which rounds are added; bench/results/<date>-<commit> when "
                                          "nothing is said")
    options = parser.parse_args()
    os.makedirs(options.data, exist_ok=True)
    commit = machine.output(["git", "-C", ROOT, "rev-parse", "HEAD"]) or "unknown"
    results = options.results or os.path.join(ROOT, "bench", "results", f"{datetime.date.today().isoformat()}-{commit[:8]}")
    if not data.is_complete(options.data, SIZES.values(), READERS, EVENTS, LATE, SALARIES):
        make(options.data)
    for piece in options.piece or PIECES:
        method, rows = PIECES[piece]
        bench = Bench(options.data, os.path.join(results, f"spark-{piece}.jsonl"), options.engine)
        for number in range(options.rounds):
            getattr(Pieces(bench, options.data, options.engine), method)(rows, number)


if __name__ == "__main__":
    main()
