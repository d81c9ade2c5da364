"""The data sets: made once, kept in the data folder, the same rows on every machine."""
import glob
import os
import shutil
import subprocess
from dataclasses import dataclass

PARTITION = "ano_mes_dia=20251022"
BY_DUCKDB = ["snappy", "zstd", "lz4", "dict", "nulls"]
BY_SPARK = {"spark": "v1", "v2": "v2"}
SCALES = {"rows-3": 0.1, "rows-30": 1, "rows-120": 4}
NAMES = BY_DUCKDB + list(BY_SPARK) + ["samples"]


@dataclass(frozen=True)
class DataSet:
    """One pair of tables."""

    name: str
    rows: int | None
    table_a: str
    table_b: str

    @property
    def partition(self):
        """The folder of Table B's latest partition, for engines that do not look for it."""
        return os.path.join(self.table_b, PARTITION)

    @property
    def files(self):
        return sorted(glob.glob(os.path.join(self.partition, "*.parquet")))


def make(name, rows, tools):
    """The set, or None and the reason why there is none."""
    if name == "samples":
        samples = os.path.join(tools.root, "samples")
        return DataSet(name, None, os.path.join(samples, "a"), os.path.join(samples, "b")), None
    folder = os.path.join(tools.data, f"{rows}")
    made = DataSet(name, rows // 3 if name == "v2" else rows, os.path.join(folder, "a"), os.path.join(folder, name))
    needed = [part for part in ["a", name] if not os.path.isdir(os.path.join(folder, part))]
    if not needed:
        return made, None
    if tools.node_modules() is None:
        return None, "DuckDB of npm, which makes the sets, cannot be installed"
    os.makedirs(folder, exist_ok=True)
    tools.say(f"Making {', '.join(needed)} of {rows:,} rows ...")
    by_duckdb = [part for part in needed if part not in BY_SPARK]
    if by_duckdb:
        make_by_duckdb(tools, folder, rows, by_duckdb)
    return make_by_spark(tools, folder, rows, made) if name in needed and name in BY_SPARK else (made, None)


def scale(name, rows, tools):
    """The rows of snappy, a tenth of them or four times over: the same files again, under other names."""
    factor = SCALES[name]
    if factor <= 1:
        made, reason = make("snappy", int(rows * factor), tools)
        return (None, reason) if made is None else (DataSet(name, made.rows, made.table_a, made.table_b), None)
    once, reason = make("snappy", rows, tools)
    if once is None:
        return None, reason
    folder = os.path.join(tools.data, f"{rows}", name)
    target = os.path.join(folder, PARTITION)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(target)
    for copy in range(factor):
        for file in once.files:
            os.link(os.path.realpath(file), os.path.join(target, f"{copy}-{os.path.basename(file)}"))
    return DataSet(name, rows * factor, once.table_a, folder), None


def make_by_duckdb(tools, folder, rows, names):
    subprocess.run(["node", os.path.join(tools.peers, "make_sets.mjs"), folder, str(rows), *names], check=True)


def make_by_spark(tools, folder, rows, made):
    """Lets Spark rewrite the set snappy; for v2 one of a third of the rows, which is removed afterwards."""
    environment, reason = tools.spark()
    if environment is None:
        return None, reason
    source = folder if made.rows == rows else os.path.join(folder, "source")
    if not os.path.isdir(os.path.join(source, "snappy")):
        os.makedirs(source, exist_ok=True)
        make_by_duckdb(tools, source, made.rows, ["snappy"])
    subprocess.run([environment["SPARK_PYTHON"], os.path.join(tools.peers, "rewrite_spark.py"), os.path.join(source, "snappy"), made.table_b, BY_SPARK[made.name]],
                   check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if source != folder:
        shutil.rmtree(source)
    return made, None
