"""silver_to_gold against exact fractions, value by value."""
import decimal
import fractions
import json
import os
import random

from .side_by_side import SideBySide
from .spark_support import SparkTestCase, run_job, seed, spark

SCHEMA = "id string, idade int, ativo boolean, salario double"


def reference(rows):
    """{(idade, ativo): mean} of rows (idade, ativo, salario), with fractions; None without values."""
    groups = {}
    for idade, ativo, salario in rows:
        values = groups.setdefault((idade, ativo), [])
        if salario is not None and salario == salario and abs(salario) != float("inf"):
            values.append(fractions.Fraction(salario))
    return {key: (sum(values) / len(values) if values else None) for key, values in groups.items()}


class GoldTestCase(SparkTestCase):
    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("silver"), self.path("gold")

    def month(self, folder, rows, schema=SCHEMA, name="a.parquet"):
        self.write(f"silver/{folder}/{name}", rows, schema)

    def run_gold(self, *options, code=0):
        got, report, err = run_job("silver_to_gold", "--source", self.source, "--target", self.target, *options)
        self.assertEqual(code, got, report["error"] or err)
        return report

    def gold(self, folder):
        return self.read(os.path.join(self.target, folder, "data.parquet"))

    def check(self, folder, rows):
        found = self.gold(folder)
        expected = reference(rows)
        self.assertEqual([(r["idade"], r["ativo"]) for r in found],
                         sorted(expected, key=lambda k: (k[0] is not None, k[0] or 0, k[1] is not None, k[1] or False)))
        for row in found:
            mean = expected[row["idade"], row["ativo"]]
            if mean is None:
                self.assertIsNone(row["salario_medio"])
            else:
                error = abs(fractions.Fraction(row["salario_medio"]) - mean)
                self.assertLessEqual(error, max(fractions.Fraction(1, 10 ** 12), abs(mean) / 2 ** 52))


class TransformTests(SideBySide, GoldTestCase):
    def test_run_nullsNanAndInfinities_groupsAndIgnoredCounted(self):
        rows = [(30, True, 1000.1), (30, True, 2000.2), (None, True, 5.0), (30, None, 7.0), (30, True, None), (30, False, None),
                (31, False, float("nan")), (31, False, float("inf")), (31, True, float("-inf")), (31, True, -0.5)]
        self.month("ano=2025/mes=09", [("1", *row) for row in rows])
        report = self.run_gold()
        self.check("ano=2025/mes=9", rows)
        self.assertEqual({"files_read": 1, "rows_read": 10, "partitions_skipped": 0, "salaries_ignored": 3, "groups_written": 6}, report["counts"])
        self.assertEqual(["ano=2025/mes=9"], report["partitions_written"])
        self.assertEqual(["ano=2025/mes=9/data.parquet"], self.files(self.target))

    def test_run_mixedTypesAndSpellings_oneMonth(self):
        self.month("ano=2025/mes=9", [(1, True, decimal.Decimal("10.25"))], "idade bigint, ativo boolean, salario decimal(20,2)", "d.parquet")
        self.month("ano=2025/mes=09", [(1, True, 3)], "IDADE smallint, Ativo boolean, SALARIO int", "i.parquet")
        self.month("ano=2025/mes=09", [(1, True, 0.1)], "idade tinyint, ativo boolean, salario float", "f.parquet")
        self.month("ano=__HIVE_DEFAULT_PARTITION__/mes=1", [(1, True, 3)], "idade int, ativo boolean, salario int")
        report = self.run_gold()
        tenth = fractions.Fraction(13421773, 134217728)  # 0.1 as a float
        mean = (fractions.Fraction("10.25") + 3 + tenth) / 3
        self.assertLess(abs(fractions.Fraction(self.gold("ano=2025/mes=9")[0]["salario_medio"]) - mean), fractions.Fraction(1, 10 ** 12))
        self.assertEqual(1, report["counts"]["partitions_skipped"])
        self.assertEqual(3, report["counts"]["rows_read"])

    def test_run_cancellation_exact(self):
        rows = [(1, True, value) for value in (9e19, -9e19, 0.1, 0.2, 1e15, -1e15)] * 50
        self.month("ano=2025/mes=1", [("1", *row) for row in rows])
        self.run_gold()
        self.check("ano=2025/mes=1", rows)

    def test_run_numbersThatRoundToTheLimit_haveMeans(self):
        most, least = (decimal.Decimal(sign + "99999999999999999999.9999999999999") for sign in ("", "-"))
        self.month("ano=2025/mes=1", [(1, True, most), (2, True, least), (3, True, most), (3, True, decimal.Decimal(0)), (4, True, least),
                                      (4, True, decimal.Decimal("-99999999999999999999"))],
                   "idade int, ativo boolean, salario decimal(33,13)")
        self.run_gold()
        self.assertEqual([1e20, -1e20, 5e19, -1e20], [row["salario_medio"] for row in self.gold("ano=2025/mes=1")])

    def test_run_randomTables_meansOfFractions(self):
        generator = random.Random(seed())
        for month in range(1, 4):
            rows = [(generator.choice([None, 20, 21, 22]), generator.choice([None, True, False]),
                     generator.choice([None, generator.uniform(-1e6, 1e6), round(generator.uniform(0, 1e4), 2), generator.uniform(-1, 1) * 1e-9,
                                       generator.uniform(-1, 1) * 1e19]))
                    for _ in range(200)]
            for part in range(2):
                self.month(f"ano=2024/mes={month}", [("1", *row) for row in rows[part::2]], name=f"{part}.parquet")
            setattr(self, f"rows{month}", rows)
        self.run_gold()
        for month in range(1, 4):
            self.check(f"ano=2024/mes={month}", getattr(self, f"rows{month}"))

    def test_schema_isTheContracts(self):
        self.month("ano=2025/mes=1", [("1", 1, True, 2.0)])
        self.run_gold()
        frame = spark().read.parquet("file://" + os.path.join(self.target, "ano=2025/mes=1/data.parquet"))
        self.assertEqual([("idade", "int"), ("ativo", "boolean"), ("salario_medio", "double")], frame.dtypes)


class RefusalTests(SideBySide, GoldTestCase):
    def test_wrongTypes_exit7WithFileAndColumn(self):
        for column, schema, row in (("idade", "idade string, ativo boolean, salario double", ("x", True, 1.0)),
                                    ("ativo", "idade int, ativo string, salario double", (1, "x", 1.0)),
                                    ("salario", "idade int, ativo boolean, salario string", (1, True, "x")),
                                    ("salario", "idade int, ativo boolean", (1, True))):
            with self.subTest(schema=schema):
                name = f"ano=2025/mes=1/{abs(hash(schema))}.parquet"
                self.write(f"silver/{name}", [row], schema)
                report = self.run_gold(code=7)
                self.assertEqual(column, report["error"]["column"])
                self.assertTrue(report["error"]["file"].endswith(name))
                os.unlink(os.path.join(self.source, name))
        self.assertFalse(os.path.exists(self.target))

    def test_valuesOutOfRange_exit7(self):
        for column, row in (("salario", (1, True, 1e20)), ("salario", (1, True, -1e300)), ("idade", (2 ** 31, True, 1.0))):
            with self.subTest(row=row):
                self.write("silver/ano=2025/mes=1/a.parquet", [row], "idade bigint, ativo boolean, salario double")
                report = self.run_gold(code=7)
                self.assertEqual(column, report["error"]["column"])
                self.assertNotIn("1e", report["error"]["message"].lower().replace("10^20", ""))

    def test_damagedFile_exit7NamesIt(self):
        self.month("ano=2025/mes=1", [(str(i), i, True, 2.0) for i in range(2000)])
        path = os.path.join(self.source, "ano=2025/mes=1/a.parquet")
        with open(path, "r+b") as stream:
            content = stream.read()
            stream.seek(len(content) // 2)
            stream.write(b"\x00\xff" * 200)
        report = self.run_gold(code=7)
        self.assertTrue(report["error"]["file"].endswith("a.parquet"))


class MonthTests(SideBySide, GoldTestCase):
    def months(self, *numbers):
        for number in numbers:
            self.month(f"ano=2025/mes={number}", [("1", 1, True, float(number))])

    def remove(self, *numbers):
        for number in numbers:
            os.unlink(os.path.join(self.source, f"ano=2025/mes={number}/a.parquet"))

    def test_staleMonths_removedAfterAndGuarded(self):
        self.months(1, 2, 3)
        self.run_gold()
        self.remove(1)
        report = self.run_gold()
        self.assertEqual(["ano=2025/mes=1"], report["partitions_removed"])
        self.assertEqual(["ano=2025/mes=2/data.parquet", "ano=2025/mes=3/data.parquet"], self.files(self.target))
        self.months(4)
        self.remove(2, 3)
        self.run_gold(code=4)
        self.assertEqual(["ano=2025/mes=2/data.parquet", "ano=2025/mes=3/data.parquet"], self.files(self.target))
        self.run_gold("--allow-shrink")
        self.assertEqual(["ano=2025/mes=4/data.parquet"], self.files(self.target))

    def test_noRows_exit6UnlessAllowed(self):
        self.months(1)
        self.run_gold()
        os.unlink(os.path.join(self.source, "ano=2025/mes=1/a.parquet"))
        self.run_gold(code=6)
        self.run_gold("--allow-empty", code=4)
        self.run_gold("--allow-empty", "--allow-shrink")
        self.assertEqual([], self.files(self.target) if os.path.exists(self.target) else [])

    def test_pins_onlyThese(self):
        self.months(1, 2, 3)
        self.run_gold()
        with open(os.path.join(self.source, "ano=2025/mes=1/a.parquet"), "wb") as stream:
            stream.write(b"not parquet")
        before = os.stat(os.path.join(self.target, "ano=2025/mes=3/data.parquet"))
        report = self.run_gold("--partition", "ano=2025/mes=02")
        self.assertEqual(["ano=2025/mes=2"], report["partitions_written"])
        self.assertEqual(1, report["counts"]["rows_read"])
        self.assertEqual(before, os.stat(os.path.join(self.target, "ano=2025/mes=3/data.parquet")))
        self.run_gold("--partition", "ano=2025/mes=9", code=6)
        self.run_gold("--partition", "2025-02", code=2)

    def test_pinWithoutRows_exit6UnlessAllowed(self):
        self.months(1, 2)
        self.run_gold()
        before = self.contents(self.target)
        self.month("ano=2025/mes=1", [])
        pins = ("--partition", "ano=2025/mes=1", "--partition", "ano=2025/mes=2")
        self.assertIn("ano=2025/mes=1", self.run_gold(*pins, code=6)["error"]["message"])
        self.assertEqual(before, self.contents(self.target))
        self.assertEqual(["ano=2025/mes=1"], self.run_gold(*pins, "--allow-empty")["partitions_removed"])

    def test_partitionsSkipped_countsFoldersWithoutDataAndNoneWithPins(self):
        self.months(1)
        for name in ("ano=2025/mes=x/_SUCCESS", "ano=y/mes=1/empty.parquet", "ano=y/mes=1/.hidden", "_old/ano=z/mes=1", "ano=2025/_tmp/a"):
            os.makedirs(os.path.dirname(os.path.join(self.source, name)), exist_ok=True)
            with open(os.path.join(self.source, name), "wb"):
                pass
        self.assertEqual(2, self.run_gold()["counts"]["partitions_skipped"])
        self.assertEqual(0, self.run_gold("--partition", "ano=2025/mes=1")["counts"]["partitions_skipped"])

    def test_fileOutsideOfMonths_exit7NamesItAndGoldKeepsItsMonths(self):
        self.months(1, 2, 3)
        self.run_gold()
        before = self.contents(self.target)
        os.rename(os.path.join(self.source, "ano=2025/mes=2"), os.path.join(self.source, "ano=2025/Mes=2"))
        for name in ("ano=2025/Mes=2/a.parquet", "ano=2025/a.parquet", "notes.csv"):
            with self.subTest(name=name):
                os.rename(os.path.join(self.source, "ano=2025/Mes=2/a.parquet"), os.path.join(self.source, name))
                report = self.run_gold(code=7)
                self.assertEqual(os.path.join(self.source, name), report["error"]["file"])
                self.assertEqual(before, self.contents(self.target))
                self.run_gold("--partition", "ano=2025/mes=1")
                os.rename(os.path.join(self.source, name), os.path.join(self.source, "ano=2025/Mes=2/a.parquet"))

    def test_foreignFiles_exit3OrAdopted(self):
        self.months(1)
        os.makedirs(os.path.join(self.target, "ano=2025/mes=01"))
        with open(os.path.join(self.target, "ano=2025/mes=01/part-0.parquet"), "wb") as stream:
            stream.write(b"x")
        report = self.run_gold(code=3)
        self.assertIn("ano=2025/mes=1", report["error"]["file"])
        self.assertEqual(["ano=2025/mes=01/part-0.parquet"], self.files(self.target))
        self.run_gold("--adopt")
        self.assertEqual(["ano=2025/mes=1/data.parquet"], self.files(self.target))

    def test_folderWithTheNameOfTheFile_exit3(self):
        self.months(1, 2)
        for name in ("", "part-0.parquet"):
            folder = os.path.join(self.target, "ano=2025/mes=2/data.parquet")
            os.makedirs(folder, exist_ok=True)
            if name:
                open(os.path.join(folder, name), "wb").close()
            self.assertEqual(folder, self.run_gold("--adopt", code=3)["error"]["file"])
            self.run_gold(code=3)
            self.assertEqual([f"ano=2025/mes=2/data.parquet/{name}"] if name else [], self.files(self.target))

    def test_explain_readsOnlyTheThreeColumns(self):
        self.months(1)
        self.run_gold("--explain", self.path("plan.txt"))
        with open(self.path("plan.txt"), encoding="utf-8") as stream:
            plan = stream.read()
        self.assertIn("ReadSchema: struct<idade:int,ativo:boolean,salario:double>", plan)
        self.assertNotIn("id:string", plan)

    def test_sameInputTwice_sameBytes(self):
        self.months(1, 2)
        self.run_gold()
        first = self.contents(self.target)
        self.run_gold()
        self.assertEqual(first, self.contents(self.target))

    def test_report_alsoInFile(self):
        self.months(1)
        report = self.run_gold("--report", self.path("r.json"))
        with open(self.path("r.json"), encoding="utf-8") as stream:
            self.assertEqual(report, json.load(stream))
        self.assertIsNone(report["catalog"])
