"""The twin against the engine on random tables: the same exit code, and the same bytes."""
import concurrent.futures
import json
import os
import random
import re
import shutil

from pipeline.jobs.common.run.options import parser_for
from pipeline.jobs.extract_ids.job import JOB
from .gates import parquet_options, writing_parquet
from .spark_support import SparkTestCase, frame_of, lanes, run_job, seed
from .twin_support import ACTIVE, DOCUMENT, active, engine, require_engine, start_engine, twin

TABLES = int(os.environ.get("IDEXTRACTOR_TWIN_TABLES") or 50)
KEY_TYPES = ("string", "binary", "int", "bigint", "decimal(9,0)", "decimal(14,0)", "decimal(20,0)")
ID_TYPES = ("string", "binary", "smallint", "int", "bigint", "decimal(9,2)", "decimal(18,7)", "decimal(25,10)", "decimal(38,0)")
WRITER_THREADS = 3
WRITERS = ({}, {"parquet.enable.dictionary": "false"}, {"parquet.writer.version": "v2"},
           {"parquet.writer.version": "v2", "parquet.enable.dictionary": "false"},
           {"compression": "gzip"}, {"compression": "zstd", "parquet.page.size": "512"},
           {"compression": "none", "parquet.block.size": "4096"})
# Tables take these in turn, half of them with another one.
OPTIONS = ((), ("--trailing-newline",), ("--allow-empty",), ("--on-null-id", "drop"), ("--on-bad-cpf", "fail"), ("--match", "concat"),
           ("--key-width", "11"), ("--min-ids", "3"), ("--max-ids", "40"), ("--on-empty-partition", "previous"),
           ("--partition", "dia=2025-10-20"), ("--gzip-level", "1"), ("--max-partition-age", "1d"), ("--max-rejected-percent", "20"),
           ("--key-column", "DOCUMENTO"), ("--key-column-a", "Documento"), ("--key-column-b", "other"), ("--id-column", "other"),
           ("--partition-a", "dia=1"), ("--allow-future-partition",), ("--stage-key", "stage/mine.txt.gz"), ("--threads", "1"),
           ("--max-memory", "64MiB"), ("--metrics", "emf"), ("--active-key", "active/mine.txt.gz"))
# What compares a run with the one before it: the run is the second one, after one of an older partition.
COMPARED = (("--max-drop-percent", "50"), ("--allow-older", "--partition", "dia=2025-10-20"), ("--skip-if-current",),
            ("--partition", "dia=2025-10-20"))
FIRST = ("--partition", "dia=2025-10-21")
# Every other table is read without compiled code.
INTERPRETED = ("--spark-conf", "spark.sql.codegen.wholeStage=false")
LENIENT = ("--max-rejected-percent", "100")


class Tables:
    """One random job below a folder.

    files   of both tables: (path, rows, schema, options of the writer) each, to be written by `write`
    a, b    their references
    """

    def __init__(self, generator, folder):
        self.random, self.folder = generator, folder
        self.width = 11 if generator.random() < 0.2 else 14
        self.files = []
        self.people = [generator.randrange(10 ** 11) if generator.random() < 0.9 else generator.randrange(1000)
                       for _ in range(generator.randint(1, 60))]
        self.a = self._list() if self.random.random() < 0.3 else self._table_a()
        self._table_b()
        self.b = os.path.join(folder, "b")

    def _table_b(self):
        kind, published = self.random.choice(KEY_TYPES), self.random.choice(ID_TYPES)
        for day in (20, 21, 22):
            rows = 0 if day == 22 and self.random.random() < 0.1 else self.random.randint(1, 120)
            for file in range(self.random.randint(1, 3)):
                other = self.random.random() < 0.03
                name, identity = self.random.choice(("documento", "DOCUMENTO", "documento")), self.random.choice(("id", "ID", "id"))
                data = [(self._document("string" if other else kind), self._id(published), self.random.choice((None, "x")))
                        for _ in range(rows)]
                columns = [f"{name} {'string' if other else kind}", f"{identity} {published}", "other string"]
                order = self.random.sample(range(3), 3)
                self.files.append((f"b/dia=2025-10-{day}/part-{file}.parquet", [tuple(row[place] for place in order) for row in data],
                                   ", ".join(columns[place] for place in order), self.random.choice(WRITERS)))

    def _table_a(self):
        kind = self.random.choice(KEY_TYPES)
        rows = [(self._cpf(kind, person),) for person in self.people]
        self.files.append(("a/part.parquet", rows, f"documento {kind}", self.random.choice(WRITERS)))
        return os.path.join(self.folder, "a")

    def _list(self):
        lines = [self._cpf("string", person) or "" for person in self.people]
        path = os.path.join(self.folder, "people.csv")
        os.makedirs(self.folder, exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as stream:
            stream.write("".join(f'"{line}",1\r\n' for line in ["documento", *lines]))
        return path

    def _cpf(self, kind, person):
        if self.random.random() < 0.05:
            return None
        if kind not in ("string", "binary"):
            return self._number(kind, person)
        text = f"{person:011d}"
        text = self.random.choice((text, text, text, str(person), f" {text}\t", f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}",
                                   f"{text}.0", "x", "", "123456789012345", f"000{text}"))
        return text.encode() if kind == "binary" else text

    def _document(self, kind):
        if self.random.random() < 0.1:
            return None
        person = self.random.choice(self.people) if self.random.random() < 0.5 else self.random.randrange(10 ** 11)
        if kind not in ("string", "binary"):
            return self._number(kind, person)
        text = self.random.choice((f"{person:014d}",) * 6 + (f"{person:011d}", f"{person:014d} ", f"000{person}", ""))
        return text.encode() if kind == "binary" else text

    def _number(self, kind, person):
        from decimal import Decimal
        if kind == "int":
            return person % (1 << 31)
        if kind == "bigint":
            return self.random.choice((person, person, person, -person))
        return Decimal(person % 10 ** 9 if kind == "decimal(9,0)" else person)

    def _id(self, kind):
        from decimal import Decimal
        if self.random.random() < 0.02:
            return None
        if kind in ("string", "binary"):
            text = self.random.choice((f"ID{self.random.randrange(200):03d}",) * 20
                                      + ("", " ", "\u00e3\u20ac\U0001f600", "a\tb", "a\x0bb", "z" * 300))
            return text.encode() if kind == "binary" else text
        number = self.random.choice((0, 1, -1, self.random.randrange(-200, 200), self.random.randrange(-30_000, 30_000)))
        if not kind.startswith("decimal"):
            return number
        scale = int(kind.rstrip(")").split(",")[1])
        return Decimal(number).scaleb(-scale)


def write(*tables):
    """All files of Tables, those of equal writers together."""
    writers = {}
    for of in tables:
        for path, *file, options in of.files:
            writers.setdefault(parquet_options(options), []).append((os.path.join(of.folder, path), *file, options))
    with concurrent.futures.ThreadPoolExecutor(WRITER_THREADS) as pool:
        for parquet, files in writers.items():
            with writing_parquet(**dict(parquet)):
                for done in [pool.submit(_write_file, *file) for file in files]:
                    done.result()


def _write_file(path, rows, schema, options):
    staging = path + ".d"
    frame_of(rows, schema).coalesce(1).write.options(**options).parquet("file://" + staging)
    os.rename(os.path.join(staging, next(name for name in os.listdir(staging) if name.endswith(".parquet"))), path)
    shutil.rmtree(staging)


class RandomTests(SparkTestCase):
    def setUp(self):
        super().setUp()
        require_engine()

    def test_twin_RandomTables_PublishWhatTheEnginePublishes(self):
        first = seed("IDEXTRACTOR_TWIN_SEED", 20251022)
        generators = [random.Random(first + place) for place in range(TABLES)]
        made = [Tables(generator, self.path(str(place))) for place, generator in enumerate(generators)]
        write(*made)
        published = 0
        with lanes() as pool:
            running = [pool.submit(self.run_table, made[place], generators[place], place) for place in range(TABLES)]
            for place, found in enumerate(running):
                with self.subTest(seed=first + place):
                    published += self.check(*found.result())
        self.assertGreater(published, 0, "no table was published, so nothing was compared")

    def run_table(self, tables, generator, place):
        return self.run_both(tables.folder, tables.a, tables.b, self.options(generator, place), () if place % 2 else INTERPRETED)

    def test_twin_ComparedWithTheRunBefore_DecidesAsTheEngine(self):
        a, b, first = self.sound_tables()
        codes = []
        for place, chosen in enumerate(COMPARED):
            folder = self.path(str(place))
            for name in ("engine", "twin"):
                shutil.copytree(first, os.path.join(folder, name))
            with self.subTest(options=chosen):
                self.check(*self.run_both(folder, a, b, [*chosen, "--on-null-id", "drop"]))
                codes.append(self.code)
        self.assertIn(0, codes)
        self.assertIn(4, codes)

    def sound_tables(self):
        """(A, B, the output of a run): tables of which two partitions can be published."""
        first = seed("IDEXTRACTOR_TWIN_SEED", 20251022)
        for number in range(first, first + 30):
            folder = self.path(f"sound-{number}")
            tables = Tables(random.Random(number), folder)
            write(tables)
            options = ["extract", "--table-a", tables.a, "--table-b", tables.b, *LENIENT, "--on-null-id", "drop"]
            if (engine(*options, "--output", os.path.join(folder, "latest"))[0] == 0
                    and engine(*options, *FIRST, "--output", os.path.join(folder, "first"))[0] == 0):
                return tables.a, tables.b, os.path.join(folder, "first")
        raise AssertionError(f"no tables of the seeds from {first} can be published")

    @staticmethod
    def options(generator, place):
        chosen = list(OPTIONS[place % len(OPTIONS)])
        other = generator.choice(OPTIONS)
        return chosen + list(other if generator.random() < 0.5 and other[:1] != tuple(chosen[:1]) else ())

    @staticmethod
    def run_both(folder, a, b, chosen, of_twin=()):
        """Both programs on the same tables: what `check` takes. of_twin: options of the twin alone."""
        shared = ["--table-a", a, "--table-b", b, *chosen, *(LENIENT if LENIENT[0] not in chosen else ())]
        running = start_engine("extract", *shared, "--output", os.path.join(folder, "engine"))
        return folder, chosen, twin(*shared, *of_twin, "--output", os.path.join(folder, "twin")), running.result()

    def check(self, folder, chosen, of_twin, of_engine):
        """The results of both programs. Returns whether they published."""
        (self.code, report, printed), (expected, said) = of_twin, of_engine
        self.assertEqual(self.code, expected, (chosen, report["error"], said))
        self.assertIsNone(DOCUMENT.search(printed.replace(folder, "")))
        key = chosen[chosen.index("--active-key") + 1] if "--active-key" in chosen else ACTIVE
        text, metadata = active(os.path.join(folder, "twin"), key)
        wanted, its = active(os.path.join(folder, "engine"), key)
        self.assertEqual(text, wanted)
        self.assertEqual(metadata is None, its is None)
        if metadata:
            self.assertEqual(metadata["source_partition"], its["source_partition"])
        return metadata is not None

    def test_twin_OptionsOfExtract_AreItsOwn(self):
        """Its own options are a superset, so one configuration serves both."""
        parser = parser_for(JOB)
        known = {name for action in parser._actions for name in action.option_strings}
        self.assertEqual(set(), set(re.findall(r"^ +(--[a-z-]+)", engine("extract", "--help")[1], re.MULTILINE)) - known)

    def test_twin_DryRun_ChecksTheTablesAndWritesNothing(self):
        tables = Tables(random.Random(4), self.folder)
        write(tables)
        before = self.files(self.folder)
        for more, code in (((), 0), (("--partition", "dia=2030-01-01"), 6)):
            options = ["--table-a", tables.a, "--table-b", tables.b, "--dry-run", *more, "--output", self.path("out")]
            self.assertEqual((code, code), (run_job("extract_ids", *options)[0], engine("extract", *options)[0]))
        self.assertEqual(before, self.files(self.folder))

    def test_twin_ShuffleJoin_GivesTheSame(self):
        tables = Tables(random.Random(4), self.folder)
        write(tables)
        texts = []
        for limit in ("0", "1GiB"):
            output, plan = self.path("out" + limit), self.path("plan" + limit)
            code, report, _ = twin("--table-a", tables.a, "--table-b", tables.b, "--output", output, "--broadcast-limit", limit, "--explain", plan,
                                   "--on-null-id", "drop", "--max-rejected-percent", "100")
            self.assertEqual(code, 0, json.dumps(report["error"]))
            texts.append(active(output)[0])
            with open(plan, encoding="utf-8") as stream:
                self.assertEqual("BroadcastHashJoin" in stream.read(), limit != "0")
        self.assertEqual(*texts)
