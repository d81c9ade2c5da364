"""The twin against the engine on random tables: the same exit code, and the same bytes."""
import json
import os
import random

from .spark_support import SparkTestCase, seed, spark
from .twin_support import DOCUMENT, active, engine, require_engine, twin

TABLES = int(os.environ.get("IDEXTRACTOR_TWIN_TABLES") or 10)
KEY_TYPES = ("string", "binary", "int", "bigint", "decimal(9,0)", "decimal(14,0)", "decimal(20,0)")
ID_TYPES = ("string", "binary", "smallint", "int", "bigint", "decimal(9,2)", "decimal(18,7)", "decimal(25,10)", "decimal(38,0)")
WRITERS = ({}, {"parquet.enable.dictionary": "false"}, {"parquet.writer.version": "v2"},
           {"parquet.writer.version": "v2", "parquet.enable.dictionary": "false"},
           {"compression": "gzip"}, {"compression": "zstd", "parquet.page.size": "512"},
           {"compression": "none", "parquet.block.size": "4096"})
OPTIONS = ((), ("--trailing-newline",), ("--allow-empty",), ("--on-null-id", "drop"), ("--on-bad-cpf", "fail"), ("--match", "concat"),
           ("--key-width", "11"), ("--min-ids", "3"),
           ("--max-ids", "40"), ("--on-empty-partition", "previous"), ("--partition", "dia=2025-10-20"), ("--gzip-level", "1"),
           ("--max-partition-age", "1d"))


class Tables:
    """One random job below a folder."""

    def __init__(self, generator, folder, write):
        self.random, self.folder, self.write = generator, folder, write
        self.width = 11 if generator.random() < 0.2 else 14
        self.people = [generator.randrange(10 ** 11) if generator.random() < 0.9 else generator.randrange(1000)
                       for _ in range(generator.randint(1, 60))]

    def make(self):
        """(reference of A, reference of B)"""
        a = self._list() if self.random.random() < 0.3 else self._table_a()
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
                self.write(f"b/dia=2025-10-{day}/part-{file}.parquet", [tuple(row[place] for place in order) for row in data],
                           ", ".join(columns[place] for place in order),
                           self.random.choice(WRITERS))
        return a, os.path.join(self.folder, "b")

    def _table_a(self):
        kind = self.random.choice(KEY_TYPES)
        rows = [(self._cpf(kind, person),) for person in self.people]
        self.write("a/part.parquet", rows, f"documento {kind}", self.random.choice(WRITERS))
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


class RandomTests(SparkTestCase):
    def setUp(self):
        super().setUp()
        require_engine()

    def write_with(self, folder):
        def write(path, rows, schema, options):
            frame = spark().createDataFrame(rows, schema)
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            staging = target + ".d"
            frame.coalesce(1).write.options(**options).parquet("file://" + staging)
            os.rename(os.path.join(staging, next(name for name in os.listdir(staging) if name.endswith(".parquet"))), target)
            for name in os.listdir(staging):
                os.unlink(os.path.join(staging, name))
            os.rmdir(staging)
        return write

    def test_twin_RandomTables_PublishWhatTheEnginePublishes(self):
        first = seed("IDEXTRACTOR_TWIN_SEED", 20251022)
        published = 0
        for number in range(first, first + TABLES):
            generator = random.Random(number)
            folder = self.path(str(number))
            tables = Tables(generator, folder, self.write_with(folder))
            a, b = tables.make()
            chosen = list(generator.choice(OPTIONS))
            shared = ["--table-a", a, "--table-b", b, *chosen]
            percent = ["--max-rejected-percent", "100"]
            with self.subTest(seed=number, options=chosen):
                expected, said = engine("extract", *shared, *(percent if knows(percent[0]) else []), "--output",
                                        os.path.join(folder, "engine"))
                code, report, printed = twin(*shared, *percent, "--output", os.path.join(folder, "twin"))
                self.assertEqual(code, expected, (report["error"], said))
                self.assertIsNone(DOCUMENT.search(printed.replace(folder, "")))
                text, metadata = active(os.path.join(folder, "twin"))
                wanted, its = active(os.path.join(folder, "engine"))
                self.assertEqual(text, wanted)
                if metadata:
                    published += 1
                    self.assertEqual(metadata["source_partition"], its["source_partition"])
        self.assertGreater(published, 0, "no table was published, so nothing was compared")

    def test_twin_ShuffleJoin_GivesTheSame(self):
        generator = random.Random(4)
        a, b = Tables(generator, self.folder, self.write_with(self.folder)).make()
        texts = []
        for limit in ("0", "1GiB"):
            output, plan = self.path("out" + limit), self.path("plan" + limit)
            code, report, _ = twin("--table-a", a, "--table-b", b, "--output", output, "--broadcast-limit", limit, "--explain", plan,
                                   "--on-null-id", "drop", "--max-rejected-percent", "100")
            self.assertEqual(code, 0, json.dumps(report["error"]))
            texts.append(active(output)[0])
            with open(plan, encoding="utf-8") as stream:
                self.assertEqual("BroadcastHashJoin" in stream.read(), limit != "0")
        self.assertEqual(*texts)


_known = {}


def knows(option):
    """Whether this engine has an option."""
    if option not in _known:
        _known[option] = option in engine("extract", "--help")[1]
    return _known[option]
