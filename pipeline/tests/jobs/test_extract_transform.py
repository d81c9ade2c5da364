"""The expressions of extract_ids against plain Python: cleaning, keys, texts of ids, checks."""
import random
import uuid
from decimal import Decimal, localcontext

from pipeline.jobs.extract_ids.keys import rules
from pipeline.jobs.parquet.schema import Column, Logical

from .side_by_side import SideBySide
from .spark_support import SparkTestCase, seed, spark

ALPHABET = "0123456789" * 3 + ".-/ \t,eE+\n\r\u00a0\u0661x"


def column(physical, logical=Logical(), length=0):
    return Column(0, ("c",), physical, length, logical)


def frame_of(values, kind, name="value"):
    """One column of Python values, by way of a local relation: text is given as hex, so it may
    hold any bytes.
    """
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F
    session = spark()
    lines = session._jvm.java.util.ArrayList()
    for value in values:
        lines.add("" if value is None else "x" + (value.hex() if isinstance(value, bytes) else str(value)))
    frame = DataFrame(session._jsparkSession.createDataset(lines, session._jvm.org.apache.spark.sql.Encoders.STRING()).toDF(), session)
    text = F.when(F.col("value") != "", F.expr("substring(value, 2)"))
    return frame.select((F.unhex(text).cast(kind) if kind in ("binary", "string") else text.cast(kind)).alias(name))


class TransformTests(SideBySide, SparkTestCase):
    def test_clean_RandomValues_AreAsOnTheDriver(self):
        from pipeline.jobs.extract_ids.keys.table import clean
        generator = random.Random(seed("IDEXTRACTOR_CLEAN_SEED"))
        values = [None, b"", b" \t", b"\xff1", b"123.456.789-09", b"12.345.678/0001-95", b"12345678909.0", b"1e5", b"-12", b"12,5"]
        for _ in range(3000):
            text = "".join(generator.choices(ALPHABET[:30] if generator.random() < 0.5 else ALPHABET, k=generator.randint(0, 18)))
            for mark, place in generator.sample([("-", 2), (".", 5), (".", 8), ("/", 6), (".", 9), (".", 12), (" ", 0)],
                                                k=generator.randint(0, 4)):
                text = text[:len(text) - place] + mark + text[len(text) - place:] if place <= len(text) else text
            values.append(text.encode())
        for match, width in (("pad", 14), ("pad", 11), ("concat", 14)):
            cleaner = rules.Cleaner(match, width)
            found = clean(frame_of(values, "string"), match, width).collect()
            for value, row in zip(values, found):
                self.assertEqual((bytes(row["key"]) if row["key"] is not None else None, row["reason"]), cleaner.clean(value), value)

    def test_textOf_Numbers_ArePlain(self):
        from pyspark.sql import functions as F
        from pipeline.jobs.extract_ids.scan.types import text_of
        def texts(values, kind, of):
            return [row[0] for row in frame_of(values, kind).select(text_of(F.col("value"), of)).collect()]
        self.assertEqual(texts([-2147483648, 0, None], "int", column("INT32")), ["-2147483648", "0", None])
        self.assertEqual(texts([-1, 200], "int", column("INT32", Logical("INTEGER", 8, False))), ["4294967295", "200"])
        self.assertEqual(texts([4294967295], "bigint", column("INT32", Logical("INTEGER", 32, False))), ["4294967295"])
        self.assertEqual(texts([2 ** 64 - 1, 0], "decimal(20,0)", column("INT64", Logical("INTEGER", 64, False))),
                         ["18446744073709551615", "0"])
        self.assertEqual(texts([-5, 5, 12345, 0, -(2 ** 63)], "bigint", column("INT64", Logical("DECIMAL", precision=18, scale=2))),
                         ["-0.05", "0.05", "123.45", "0.00", "-92233720368547758.08"])
        self.assertEqual(texts([7], "int", column("INT32", Logical("DECIMAL", precision=9, scale=30))), ["0." + "7".zfill(30)])

    def test_textOf_WideDecimals_HaveExactlyTheirScale(self):
        from pyspark.sql import functions as F
        from pipeline.jobs.extract_ids.scan.types import text_of
        generator = random.Random(8)
        for scale in (0, 1, 7, 10, 38):
            unscaled = [0, 1, -1, 10 ** 37, -(10 ** 38 - 1)] + [generator.randrange(-10 ** digits, 10 ** digits) for digits in range(1, 38)]
            with localcontext(prec=50):
                values = [Decimal(number).scaleb(-scale) for number in unscaled]
            of = column("FIXED_LEN_BYTE_ARRAY", Logical("DECIMAL", precision=38, scale=scale), 16)
            found = frame_of([f"{value:f}" for value in values], f"decimal(38,{scale})").select(text_of(F.col("value"), of)).collect()
            self.assertEqual([row[0] for row in found], [f"{value:f}" for value in values])

    def test_textOf_Uuids_AreInTheUsualForm(self):
        from pyspark.sql import functions as F
        from pipeline.jobs.extract_ids.scan.types import text_of
        values = [uuid.UUID(int=0), uuid.UUID(int=2 ** 128 - 1), uuid.UUID("0123abcd-0000-4000-8000-0000000000ff")]
        found = frame_of([value.bytes for value in values] + [None], "binary").select(text_of(F.col("value"),
                column("FIXED_LEN_BYTE_ARRAY", Logical("UUID"), 16))).collect()
        self.assertEqual([row[0] for row in found], [str(value) for value in values] + [None])

    def test_values_UuidsAsKeys_AreTheirBytesAsInTheEngine(self):
        from pipeline.jobs.extract_ids.keys.table import clean, values
        from pipeline.jobs.extract_ids.scan.read import Shape
        of = column("FIXED_LEN_BYTE_ARRAY", Logical("UUID"), 16)
        stored = [b"0000012345678909", b"\xff" * 16, None]
        for match, width in (("concat", 14), ("pad", 16), ("pad", 14)):
            cleaner = rules.Cleaner(match, width)
            found = clean(values(frame_of(stored, "binary", "key"), Shape(of, of, True)), match, width).collect()
            self.assertEqual([cleaner.clean(value) for value in stored],
                             [(row["key"] and bytes(row["key"]), row["reason"]) for row in found])

    def test_match_NumbersAndBytes_CompareByTheirKind(self):
        from pyspark.sql import functions as F
        from pipeline.jobs.extract_ids.scan.read import Shape
        from pipeline.jobs.extract_ids.scan.transform import match
        keys = frame_of([b"00000000000007", b"09223372036854775808", b"000x", b"0" * 14, b"9" * 40], "binary", "key")
        for of, kind, values, wanted in (
                (column("INT64"), "bigint", [7, -7, 0, None, 8], ["0", "7"]),
                (column("INT64", Logical("INTEGER", 64, False)), "decimal(20,0)", [7, 2 ** 63, 1], ["7", "9223372036854775808"]),
                (column("FIXED_LEN_BYTE_ARRAY", Logical("DECIMAL", precision=20, scale=0), 9), "decimal(38,0)", [7, 2 ** 63, -7],
                 ["7", "9223372036854775808"])):
            rows = frame_of(values, kind, "key").select("key", F.col("key").alias("id"))
            for join in ("broadcast", "shuffle_hash"):
                found = match(rows, Shape(of, of, True), keys, join).collect()
                self.assertEqual(sorted(row["id"] for row in found), wanted, (kind, join))
        rows = frame_of([b"00000000000007", b"7", b" 00000000000007", b"000x", b"000X", None], "binary", "key").select("key",
                F.col("key").alias("id"))
        found = match(rows, Shape(column("BYTE_ARRAY"), column("BYTE_ARRAY"), True), keys, "broadcast").collect()
        self.assertEqual(sorted(row["id"] for row in found), ["00000000000007", "000x"])

    def test_checks_BadIds_AreCountedOncePerId(self):
        from pyspark.sql import Observation
        from pipeline.jobs.extract_ids.scan.transform import checks, count_ids, ids
        values = [b"a", b"a", b"b", None, None, b"", b"x\ny", b"\r", b"\xff", "\u20ac\ufffd\x00\x0b\u2028".encode(), b"\xed\xa0\x80",
                  b"\xc0\x80", b" "]
        observation = Observation("test")
        counted = checks(observation, count_ids(frame_of(values, "string", "id")))
        found = {bytes(row["id"]) for row in ids(counted).selectExpr("cast(id as binary) id").collect()}
        self.assertEqual(observation.get, {"matched_rows": 13, "null_ids": 3, "total_ids": 9, "line_breaks": 2, "not_utf8": 3})
        self.assertEqual(found, {value for value in values if value})

    def test_keysOfList_AnyBytes_ArriveAsTheyAre(self):
        from pipeline.jobs.extract_ids.keys.table import keys_of_list
        keys = sorted({b"000" + bytes((one,)) for one in range(256)} | {b"%014d" % number for number in range(9000)})
        self.assertEqual(sorted(bytes(row["key"]) for row in keys_of_list(spark(), keys).collect()), keys)
