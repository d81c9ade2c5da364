"""The data sets: made once, kept in the data folder, the same rows on every machine."""
import datetime
import glob
import os
import shutil
import subprocess
from dataclasses import dataclass

LATEST = datetime.date(2025, 10, 22)
PARTITION = f"ano_mes_dia={LATEST:%Y%m%d}"
PARTITIONS = 50_000
ROWS_OF_PARTITIONS = 1000
# Fewer rows of integers, or beside a million keys, would measure the start and the keys rather than the scan.
LARGE = 30_000_000

DOTNET_PEERS = ("base", "int", "spark")


@dataclass(frozen=True)
class Kind:
    """What a set is, and which tables it is made of. `share` divides the rows of a run; `least` is the fewest unless the rows are given."""

    what: str
    made_by: str = "duckdb"
    a: str = "a"
    b: str | None = None
    share: int = 1
    least: int = 0
    short: bool = True
    alone: bool = False


KINDS = {
    "base": Kind("text, Snappy, row groups of 1,000,000"),
    "int": Kind("`id` and `documento` BIGINT", least=LARGE),
    "docint": Kind("`documento` BIGINT, `id` text"),
    "dec": Kind("`documento` DECIMAL(14,0)"),
    "idint": Kind("`id` BIGINT"),
    "uuid": Kind("`id` UUID"),
    "iddict": Kind("50,000 distinct ids in dictionaries"),
    "gzip": Kind("text, GZIP"),
    "none": Kind("text, uncompressed"),
    "zstd": Kind("text, Zstandard"),
    "lz4": Kind("text, LZ4", short=False),
    "dict": Kind("documents in dictionaries", short=False),
    "nulls": Kind("nulls and other lengths among the documents", short=False),
    "spark": Kind("written by Spark in small pages", made_by="spark"),
    "v2": Kind("delta encodings in version 2 pages, by Spark", made_by="spark", share=3, short=False),
    "smallrg": Kind("row groups of 4,096"),
    "files": Kind("files of 5,000 rows"),
    "wide": Kind("400 more columns, row groups of 10,000", share=25),
    "keys-1m": Kind("1,000,000 CPFs, 1 row in 30 matches", a="a-1m", b="base", least=LARGE),
    "keys-10m": Kind("10,000,000 CPFs, 1 row in 3 matches", a="a-10m", b="base", least=LARGE),
    "int-keys-1m": Kind("BIGINT, 1,000,000 CPFs", a="a-1m", b="int", least=LARGE),
    "partitions": Kind("50,000 partitions, of which the latest is read", made_by="links", alone=True),
    "samples": Kind("the samples: start-up", made_by="nobody"),
}
SCALES = {"rows-10th": 0.1, "rows-1": 1, "rows-4": 4}
NAMES = list(KINDS)
SHORT = [name for name, kind in KINDS.items() if kind.short]


@dataclass(frozen=True)
class DataSet:
    """One pair of tables."""

    name: str
    rows: int | None
    table_a: str
    table_b: str
    alone: bool = False

    @property
    def partition(self):
        """The folder of Table B's latest partition, for engines that do not look for it."""
        return os.path.join(self.table_b, PARTITION)

    @property
    def files(self):
        return sorted(glob.glob(os.path.join(self.partition, "*.parquet")))


def make(name, rows, tools):
    """The set, or None and the reason why there is none."""
    kind = KINDS[name]
    if kind.made_by == "nobody":
        samples = os.path.join(tools.root, "samples")
        return DataSet(name, None, os.path.join(samples, "a"), os.path.join(samples, "b")), None
    folder = os.path.join(tools.data, f"{rows}")
    made = DataSet(name, rows // kind.share, os.path.join(folder, kind.a), os.path.join(folder, kind.b or name), kind.alone)
    needed = [part for part in [kind.a, kind.b or name] if not os.path.isdir(os.path.join(folder, part))]
    if not needed:
        return made if kind.made_by != "links" else DataSet(name, ROWS_OF_PARTITIONS, made.table_a, made.table_b, alone=True), None
    if tools.node_modules() is None:
        return None, "DuckDB of npm, which makes the sets, cannot be installed"
    os.makedirs(folder, exist_ok=True)
    tools.say(f"Making {', '.join(needed)} of {rows:,} rows ...")
    by_duckdb = [part for part in needed if part != name or kind.made_by == "duckdb"]
    if by_duckdb:
        make_by_duckdb(tools, folder, rows, by_duckdb)
    if name in needed and kind.made_by == "spark":
        return make_by_spark(tools, folder, rows, made)
    return make_partitions(tools, folder, made) if kind.made_by == "links" else (made, None)


def scale(name, rows, tools):
    """The rows of base, a tenth of them or four times over: the same files again, under other names."""
    factor = SCALES[name]
    if factor <= 1:
        made, reason = make("base", int(rows * factor), tools)
        return (None, reason) if made is None else (DataSet(name, made.rows, made.table_a, made.table_b), None)
    once, reason = make("base", rows, tools)
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


def make_partitions(tools, folder, made):
    """One partition for each of many days, all with the same small file under one name each."""
    small = os.path.join(tools.data, f"{ROWS_OF_PARTITIONS}")
    if not os.path.isdir(os.path.join(small, "base")):
        os.makedirs(small, exist_ok=True)
        make_by_duckdb(tools, small, ROWS_OF_PARTITIONS, ["base"])
    source = glob.glob(os.path.join(small, "base", PARTITION, "*.parquet"))[0]
    part = f"{made.table_b}.part"
    shutil.rmtree(part, ignore_errors=True)
    for day in range(PARTITIONS):
        target = os.path.join(part, f"ano_mes_dia={LATEST - datetime.timedelta(days=day):%Y%m%d}")
        os.makedirs(target)
        os.link(source, os.path.join(target, "part.parquet"))
    os.rename(part, made.table_b)
    return DataSet(made.name, ROWS_OF_PARTITIONS, made.table_a, made.table_b, alone=True), None


def make_by_spark(tools, folder, rows, made):
    """Lets Spark rewrite the set base; for v2 one of a third of the rows, which is removed afterwards."""
    environment, reason = tools.spark()
    if environment is None:
        return None, reason
    source = folder if made.rows == rows else os.path.join(folder, "source")
    if not os.path.isdir(os.path.join(source, "base")):
        os.makedirs(source, exist_ok=True)
        make_by_duckdb(tools, source, made.rows, ["base"])
    subprocess.run([environment["SPARK_PYTHON"], os.path.join(tools.peers, "rewrite_spark.py"), os.path.join(source, "base"), made.table_b, "v2" if made.name == "v2" else "v1"],
                   check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if source != folder:
        shutil.rmtree(source)
    return made, None
