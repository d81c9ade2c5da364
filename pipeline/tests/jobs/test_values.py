"""Conversion rules against the reference, value by value: hand-picked edges and random text."""
# needs: spark
import datetime
import decimal
import random

from . import silver_reference as reference
from .side_by_side import SideBySide
from .spark_support import SparkTestCase, frame_of, seed, spark

TIMES = [
    "Wed, 29 Oct 2025 11:00:00", "Thu, 29 Oct 2025 11:00:00 GMT", "Wed, 29 Oct 2025 11:00:00 UTC", "Wed, 9 Oct 2025 11:00:00", "Qua, 29 Out 2025 11:00:00",
    "Wed, 31 Nov 2025 11:00:00", "Wed, 29 Oct 2025 24:00:00", "Wed 29 Oct 2025 11:00:00", "2025-10-29T11:00:00", "2025-10-29 11:00:00Z",
    "2025-10-29T11:00:00.1", "2025-10-29T11:00:00.123456", "2025-10-29T11:00:00.123456789+05:30", "2025-10-29T11:00:00.1234567891", "2025-10-29T11:00:00.",
    "2025-10-29T11:00:00+18:00", "2025-10-29T11:00:00-18:00", "2025-10-29T11:00:00+18:01", "2025-10-29T11:00:00+19:00", "2025-10-29T11:00:00+0530",
    "2025-10-29T11:00:00-00:00", "2025-10-29T11:00:00z", "2025-10-29t11:00:00", "2025-10-29", "2025-10-29T11:00", "2025-02-29T00:00:00", "2024-02-29T00:00:00",
    "2025-10-29T23:59:60", "2025-10-29T24:00:00", "2025-1-29T00:00:00", "２０２５-10-29T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "\t2025-10-29T11:00:00Z\r\n", "2025-10-29  11:00:00", "2025-10-29T11:00:00 Z", "1761735600", "", "  ", "2025-10-29T11:00:00\u2028", None,
    "0000-01-01T00:00:00Z", "0000-12-31 23:59:59.999999", "Sat, 01 Jan 0000 00:00:00 GMT",
]
NUMBERS = ["0", "-0", "+7", "007", "123456789012345678", "1234567890123456789", "1.0", "1.", ".5", "1e3", "1E+3", "1e", "-1.5e-400", "1e308", "1e309", "NaN",
           "Infinity", "0x10", "1_000", "1,5", "١٢", " 12\t", "\u00a012", "1d", "1f", "--1", "", None, "12\u2028"]
DATES = ["2025-10-29", "2025-02-29", "2024-02-29", "2025-1-1", "2025-10-29T00:00:00", "20251029", " 2025-10-29 ", "", None, "0001-01-01", "9999-12-31",
         "0000-01-01", "0000-12-31"]


def converted(values, ddl, to):
    """[(cleaned is present, value)] by the job's expressions; timestamps in microseconds, dates as text."""
    from pyspark.sql import functions as F

    from pipeline.jobs.common.transform.values import clean, convert
    frame = frame_of(list(enumerate(values)), f"i int, v {ddl}", spark())
    kind = frame.schema["v"].dataType
    step = frame.select("i", clean(F.col("v"), kind).alias("c")).select("i", "c", convert(F.col("c"), kind, to).alias("v"))
    value = F.unix_micros("v") if to == "timestamp" else F.col("v").cast("string") if to == "date" else F.col("v")
    return [(row.present, row.value) for row in step.select(F.col("c").isNotNull().alias("present"), value.alias("value")).orderBy("i").collect()]


def expected(values, to):
    found = [(reference.present(value) is not None, reference.convert(value, to)) for value in values]
    return [(present, None if value is reference.BAD else value) for present, value in found]


class ValueTests(SideBySide, SparkTestCase):
    def check(self, values, ddl, to):
        for value, want, got in zip(values, expected(values, to), converted(values, ddl, to)):
            self.assertEqual(want, got, f"{value!r} as {to}")

    def test_text_edges(self):
        self.check(TIMES, "string", "timestamp")
        self.check(NUMBERS, "string", "bigint")
        self.check(NUMBERS, "string", "double")
        self.check(DATES, "string", "date")
        self.check([" a\t", "\r\n", "b c", "\u00a0x", None, ""], "string", "string")

    def test_text_random(self):
        generator = random.Random(seed())
        texts = ["".join(generator.choice(pool) for _ in range(generator.randrange(1, 24)))
                 for pool in ("0123456789+-.eE", "0123456789-T:Z. +", " \tab") for _ in range(300)]
        texts += [text[:i] + generator.choice("0123459 TZ:+-") + text[i + 1:] for text in TIMES if text for i in range(0, len(text), 2)]
        for to in ("timestamp", "bigint", "double", "date", "string"):
            self.check(texts, "string", to)

    def test_numbers_edges(self):
        doubles = [0.0, 1.0, 1.5, -3.0, 2.0 ** 53, 2.0 ** 53 + 2, -2.0 ** 53, 1e15, float("nan"), None]
        for to in ("bigint", "double", "string", "timestamp", "date"):
            self.check([v for v in doubles if to != "string" or v is None or v != 1.5], "double", to)
            self.check([0, -1, 2 ** 63 - 1, -2 ** 63, None], "bigint", to)
            self.check([True, False, None], "boolean", to)
        self.assertEqual([(True, None)] * 2, converted([float("inf"), float("-inf")], "double", "double"))
        self.assertEqual([(True, None)] * 2, converted([float("inf"), float("-inf")], "double", "bigint"))
        self.assertEqual([(True, "1.5"), (True, "100000000000000000000")], converted([1.5, 1e20], "double", "string"))
        generator = random.Random(seed())
        whole = [sign * float(generator.getrandbits(53)) * 2.0 ** generator.randrange(62) for sign in (1, -1) for _ in range(100)]
        self.check([*whole, 1e23, 9e18, -9e18, 2.0 ** 63, 2.0 ** 115 - 2.0 ** 62], "double", "string")

    def test_decimals_wholeOnesOnly(self):
        values = [decimal.Decimal("12.00"), decimal.Decimal("12.50"), decimal.Decimal("-1.00"), decimal.Decimal("9223372036854775807.00"),
                  decimal.Decimal("9223372036854775808.00"), None]
        self.assertEqual([12, None, -1, 2 ** 63 - 1, None, None], [value for _, value in converted(values, "decimal(38,2)", "bigint")])
        for scale in (19, 20, 30, 37):
            small = [decimal.Decimal(text) for text in ("3", "-3", "0", "0.5", "-0.5", "-2.0000000000000000001")]
            found = converted(small, f"decimal(38,{scale})", "bigint")
            self.assertEqual([3, -3, 0, None, None, None], [value for _, value in found], scale)
        largest = [decimal.Decimal(text) for text in ("999999999999999999", "-999999999999999999")]
        self.assertEqual([10 ** 18 - 1, 1 - 10 ** 18], [value for _, value in converted(largest, "decimal(38,20)", "bigint")])
        self.assertEqual("12.00", converted(values[:1], "decimal(10,2)", "string")[0][1])

    def test_json_digitsBelowMilliseconds_areKept(self):
        from pipeline.jobs.common.transform.values import as_text
        frame = spark().sql("select array(null, v) as a, map('k', named_struct('n', 1, 't', cast(v as timestamp))) as m from values "
                            "(timestamp_ntz'2025-10-29 01:02:03.4'), (timestamp_ntz'2025-10-29 01:02:03.400001'), (null) as t(v)")
        texts = frame.select(*[as_text(frame[field.name], field.dataType) for field in frame.schema.fields]).collect()
        self.assertEqual([('[null,"2025-10-29T01:02:03.400"]', '{"k":{"n":1,"t":"2025-10-29T01:02:03.400Z"}}'),
                          ('[null,"2025-10-29T01:02:03.400001"]', '{"k":{"n":1,"t":"2025-10-29T01:02:03.400001Z"}}'),
                          ("[null,null]", '{"k":{"n":1}}')], [tuple(row) for row in texts])

    def test_datesAndTimes_betweenEachOther(self):
        day = datetime.date(2025, 10, 29)
        self.assertEqual([(True, "2025-10-29")], converted([day], "date", "date"))
        self.assertEqual([(True, None)], converted([day], "date", "timestamp"))
        self.assertEqual([(True, "2025-10-29")], converted([day], "date", "string"))

    def test_maps_KeysOfAnyType_AreText(self):
        from pyspark.sql import functions as F

        from pipeline.jobs.common.transform.values import as_text
        day, time = "date '2025-10-29'", "timestamp '2025-10-29 11:00:00.000001Z'"
        cases = {"map(X'6162', 1)": '{"YWI=":1}', f"map({day}, 1)": '{"2025-10-29":1}', f"map({time}, {day})": '{"2025-10-29 11:00:00.000001":"2025-10-29"}',
                 "map(array(1, 2), 3)": '{"[1,2]":3}', "map(named_struct('a', X'61'), 1)": '{"{\\"a\\":\\"YQ==\\"}":1}', "map(2, 3)": '{"2":3}',
                 "array(named_struct('m', map(X'61', map(X'62', 1)), 'n', null))": '[{"m":{"YQ==":{"Yg==":1}}}]',
                 "map('k', array(map(X'61', cast(null as string))))": '{"k":[{"YQ==":null}]}', "cast(null as map<binary,int>)": None}
        frame = spark().range(1).select(*[F.expr(case).alias(f"c{index}") for index, case in enumerate(cases)])
        found = frame.select(*[as_text(F.col(field.name), field.dataType) for field in frame.schema.fields]).collect()[0]
        self.assertEqual(list(cases.values()), list(found))
