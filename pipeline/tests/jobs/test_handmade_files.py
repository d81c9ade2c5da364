"""Files that are valid, or whose footers lie, in ways in which no library writes them."""
# needs: spark
import decimal as decimals
import os
import random

from pipeline.jobs.parquet.thrift import BINARY, I32, I64, STRUCT

from .handmade import Flat, decimal, logical, number, struct, text, write_file
from .side_by_side import SideBySide
from .spark_support import SparkTestCase, run_job, seed


def document(value):
    return b"%014d" % value


def stated(nulls, least, greatest):
    """Statistics of a chunk."""
    return (12, STRUCT, struct((3, I64, number(nulls)), (5, BINARY, text(greatest)), (6, BINARY, text(least)))),


class TwinTests(SideBySide, SparkTestCase):
    """B has six rows in two row groups; all of their documents are in A."""

    def setUp(self):
        super().setUp()
        self.write("a/part.parquet", [(f"{value:011d}",) for value in range(1, 9)], "documento string")
        self.documents, self.ids = [document(value) for value in range(1, 7)], [b"ID%d" % value for value in range(1, 7)]
        os.makedirs(self.path("b"))

    def run_twin(self, *first, key=lambda group: (), **more):
        columns = [*first, Flat("documento", "BYTE_ARRAY", self.documents, metadata=key), Flat("id", "BYTE_ARRAY", self.ids)]
        write_file(self.path("b/part.parquet"), columns, per_group=3, **more)
        code, report = self.run_written()
        return code, report["counts"]["total_ids"], (report["error"] or {}).get("message", "")

    def run_written(self):
        places = ("--table-a", self.path("a"), "--table-b", self.path("b"), "--output", self.path("out"))
        return run_job("extract_ids", *places)[:2]

    def other(self, *fields):
        """A column that is not needed, with these fields in the metadata of its second chunk."""
        return Flat("other", "INT32", list(range(6)), annotation=(), metadata=lambda group: fields if group == 1 else ())

    def test_twin_SoundFile_GivesAllIds(self):
        self.assertEqual((0, 6, ""), self.run_twin(self.other()))
        self.assertEqual((0, 6, ""), self.run_twin(self.other(), states_size=False))

    def test_twin_NullCountThatLies_LosesNoRow(self):
        # Parquet's filters would skip a row group whose statistics say that all keys are null.
        self.assertEqual((0, 6, ""), self.run_twin(key=lambda group: stated(3, self.documents[3 * group], self.documents[3 * group + 2])))
        self.assertEqual((0, 6, ""), self.run_twin(key=lambda group: stated(0, document(70), document(80))))

    def test_twin_RowGroupsOutsideOfAllTasks_AreRefused(self):
        for first, more in ((self.other((11, I64, number(-1000))), {}), (self.other((7, I64, number(1 << 20))), {"states_size": False})):
            code, _, message = self.run_twin(first, **more)
            self.assertEqual(7, code)
            self.assertIn("size of row group 1", message)
        self.assertEqual(0, self.run_twin(self.other((11, I64, number(-1))))[0])

    def test_twin_SmallDecimalsInManyBytes_AreTheirNumbers(self):
        for physical, length, precision, scale in (("BYTE_ARRAY", 12, 11, 0), ("BYTE_ARRAY", 9, 18, 3), ("FIXED_LEN_BYTE_ARRAY", 9, 18, 0),
                                                   ("FIXED_LEN_BYTE_ARRAY", 33, 12, 2), ("BYTE_ARRAY", 3, 11, 0)):
            stored = [value.to_bytes(length, "big", signed=True) for value in (1, -2, 300, 0, -70000, 6)]
            size = length if physical == "FIXED_LEN_BYTE_ARRAY" else 0
            keys = [value.to_bytes(length, "big") for value in range(1, 7)]
            with self.subTest(physical, length=length):
                write_file(self.path("b/part.parquet"), [Flat("documento", physical, keys, size, decimal(precision, 0)),
                                                         Flat("id", physical, stored, size, decimal(precision, scale))])
                code, report = self.run_written()
                self.assertEqual(0, code, report["error"])
                expected = [f"{decimals.Decimal(value).scaleb(-scale):f}" for value in (1, -2, 300, 0, -70000, 6)]
                self.assertEqual(sorted(expected), sorted(row["id"] for row in self.read(report["parts"])))

    def test_jobs_DecimalsWithMoreDigitsThanTheirType_NameTheFile(self):
        large = (1 << 63).to_bytes(9, "big")
        write_file(self.path("b/part.parquet"), [Flat("documento", "BYTE_ARRAY", [document(1)]),
                                                 Flat("id", "BYTE_ARRAY", [large], annotation=decimal(18, 0))])
        code, report = self.run_written()
        self.assertEqual((7, self.path("b/part.parquet")), (code, report["error"]["file"]))
        os.makedirs(self.path("silver/ano=2025/mes=1"))
        write_file(self.path("silver/ano=2025/mes=1/x.parquet"), [
            Flat("idade", "INT32", [1], annotation=()), Flat("ativo", "INT32", [None], annotation=logical(11)),
            Flat("salario", "BYTE_ARRAY", [large], annotation=decimal(18, 2))])
        code, report, _ = run_job("silver_to_gold", "--source", self.path("silver"), "--target", self.path("gold"))
        self.assertEqual(7, code, report["error"])

    def test_jobs_LogicalTypesThatSparkDoesNotKnow_NameTheColumn(self):
        for union, kind in ((15, "FLOAT16"), (16, "VARIANT"), (17, "GEOMETRY"), (18, "GEOGRAPHY"), (19, "of the logical type 19")):
            code, _, message = self.run_twin(Flat("shape", "BYTE_ARRAY", [b""] * 6, annotation=logical(union)))
            self.assertEqual(7, code)
            self.assertRegex(message, f"'shape' is {kind}.*even without this column")
        os.makedirs(self.path("silver/ano=2025/mes=1"))
        write_file(self.path("silver/ano=2025/mes=1/x.parquet"), [Flat("shape", "BYTE_ARRAY", [b""], annotation=logical(16))])
        code, report, _ = run_job("silver_to_gold", "--source", self.path("silver"), "--target", self.path("gold"))
        self.assertEqual((7, "shape"), (code, report["error"]["column"]))


class StoredWidthTests(SideBySide, SparkTestCase):
    """Numbers are read as wide as they are stored."""

    def means(self, name, salaries, ages=None, age=()):
        """{idade: salario_medio} of rows of one file each: a Flat column per file."""
        folder = self.path(name, "silver/ano=2025/mes=1")
        os.makedirs(folder)
        for index, salary in enumerate(salaries):
            write_file(os.path.join(folder, f"{index}.parquet"), [
                Flat("idade", "INT32", [(ages or range(len(salaries)))[index]], annotation=age),
                Flat("ativo", "INT32", [None], annotation=logical(11)), salary])
        code, report, said = run_job("silver_to_gold", "--source", self.path(name, "silver"), "--target", self.path(name, "gold"))
        self.assertEqual(0, code, said)
        return {row["idade"]: row["salario_medio"] for row in self.read(self.path(name, "gold/ano=2025/mes=1/data.parquet"))}

    def test_decimals_EveryPhysicalTypeAndLength(self):
        generator = random.Random(seed())
        salaries, expected = [], {}
        for precision in (2, 9, 10, 18, 19, 38):
            for length in (*range(1, 18), 24, 33, None):
                if 10 ** precision > 2 ** (8 * (length or 17) - 1):
                    continue  # parquet-java refuses a length that is too short for the digits
                value = generator.randrange(10 ** precision) * generator.choice((1, -1))
                stored = value.to_bytes(length or 17, "big", signed=True)
                physical = "BYTE_ARRAY" if length is None else "FIXED_LEN_BYTE_ARRAY"
                expected[len(salaries)] = value / 10 ** (precision - 1)
                salaries.append(Flat("salario", physical, [stored], length=length or 0, annotation=decimal(precision, precision - 1)))
        found = self.means("bytes", salaries)
        self.assertEqual(sorted(expected), sorted(found))
        for index, value in expected.items():
            self.assertAlmostEqual(value, found[index], delta=1e-11, msg=str(salaries[index]))

    def test_integers_BeyondTheirAnnotation_AreNotCutOff(self):
        wide = [Flat("salario", "INT64", [5 * 10 ** 9], annotation=decimal(9, 2)),
                Flat("salario", "INT32", [70000], annotation=((6, I32, number(16)),)),
                Flat("salario", "INT32", [300], annotation=((6, I32, number(11)),))]
        self.assertEqual({300: 5e7, 301: 70000.0, 302: 300.0}, self.means("wide", wide, [300, 301, 302], ((6, I32, number(15)),)))


class QuarantineTests(SideBySide, SparkTestCase):
    def test_silver_RecordsThatDifferInBytesThatAreNoText_AreAllKept(self):
        os.makedirs(self.path("bronze"))
        write_file(self.path("bronze/x.parquet"), [Flat("carChassis", "BYTE_ARRAY", [b"\xff", b"\xfe", b"\xfd\xff", b"A", b"A"])])
        found = set()
        for run in ("first", "second"):
            code, report, said = run_job("bronze_to_silver", "--source", self.path("bronze"), "--target", self.path(run))
            self.assertEqual((0, {"missing_timestamp": 5}), (code, report["counts"]["quarantine_reasons"]), said)
            rows = self.read(self.path(run + "_quarantine"))
            self.assertEqual(4, len(rows), "one record is there twice")
            found.add(tuple(sorted(row["record_id"] for row in rows)))
        self.assertEqual(1, len(found), "the same after a rerun")
