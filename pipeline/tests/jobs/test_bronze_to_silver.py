"""bronze_to_silver against a reference in plain Python, value by value."""
import datetime
import json
import os
import random
import shutil

from . import silver_reference as reference
from .side_by_side import SideBySide
from .spark_support import SparkTestCase, frame_of, frame_of_json, run_job, seed, spark

STARTED = datetime.datetime.now(datetime.timezone.utc)


def record(chassis, time, mileage=10, **more):
    """A bronze record as the loader writes it."""
    found = {
        "carChassis": chassis, "Model": "Onix", "year": 2020, "ModelYear": 2021, "Manufacturer": "MERCEDES-BENZ ag", "horsePower": 100,
        "gasType": "flex", "currentMileage": mileage, "color": "Dark BLUE", "fuelCapacityLiters": 47.0,
        "metrics": {"engineTempCelsius": 90.5, "oilTempCelsius": 80.0, "batteryChargePerc": 50.0, "fuelAvailableLiters": 20.115,
                    "coolantCelsius": 70.0, "metricTimestamp": time,
                    "trip": {"tripMileage": 100.0, "tripTimeMinutes": 60.0, "tripFuelLiters": 7.0, "tripMaxSpeedKm": 120.0,
                             "tripAverageSpeedKm": 80.0, "tripStartTimestamp": "2025-10-29T10:00:00-03:00"}},
        "carInsurance": {"number": "77", "provider": " Porto ", "validUntil": "2026-01-31"},
        "market": {"currentPrice": 1000.5, "currency": "BRL", "location": "SP", "dealer": "d", "warrantyYears": 2.0, "evaluator": "e"},
    }
    for name, value in more.items():
        target, _, field = name.rpartition("__")
        place = found
        for part in filter(None, target.split("__")):
            place = place.setdefault(part, {})
        place[field] = value
    return found


class SilverTestCase(SparkTestCase):
    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("bronze"), self.path("silver")

    def bronze(self, name, records):
        """A file of records. The schema is that of their JSON: whole numbers are bigint, others double."""
        texts = tuple(json.dumps(found) for found in records)
        self.write_once(f"bronze/{name}", texts, lambda: frame_of_json(texts))

    def run_silver(self, *options, code=0):
        got, report, err = run_job("bronze_to_silver", "--source", self.source, "--target", self.target, *options)
        self.assertEqual(code, got, (report["error"], err))
        counts = report["counts"]
        self.assertEqual(counts["records_read"], counts["records_valid"] + counts["records_quarantined"])
        if code == 0:
            self.assertEqual(counts["records_valid"] + counts["records_existing"], counts["rows_written"] + counts["duplicates_dropped"])
        return report

    def silver(self):
        """{day: rows} of the target."""
        found = {}
        for name in self.files(self.target) if os.path.isdir(self.target) else []:
            self.assertEqual("data.parquet", os.path.basename(name))
            found[os.path.dirname(name)] = self.read(os.path.join(self.target, name))
        return found

    def quarantine(self):
        rows = []
        root = self.target + "_quarantine"
        for name in self.files(root) if os.path.isdir(root) else []:
            rows += self.read(os.path.join(root, name))
        return rows

    def check(self, records, keys=("carChassis",), report=None):
        """The target against the reference; records are those of all batches."""
        judged = [reference.judge(r, STARTED, keys) for r in records]
        expected = reference.upsert([row for row, reason in judged if not reason], keys)
        found = self.silver()
        self.assertEqual(sorted(expected), sorted(found))
        for day, rows in expected.items():
            names = list(found[day][0])
            self.assertEqual(reference.NAMES, names[:len(reference.NAMES)])
            self.assertEqual(sorted(names[len(reference.NAMES):], key=str.encode), names[len(reference.NAMES):])
            self.assertEqual([{name: row.get(name) for name in names} for row in rows], found[day], day)
        if report:
            reasons = {}
            for _, reason in judged:
                if reason:
                    reasons[reason] = reasons.get(reason, 0) + 1
            self.assertEqual(reasons, report["counts"]["quarantine_reasons"])


class TransformTests(SideBySide, SilverTestCase):
    def test_run_batchesWithLateEventsTiesAndBadRecords_asReference(self):
        first = [record("A", "Wed, 29 Oct 2025 11:00:00"), record("A", "Wed, 29 Oct 2025 11:00:00 GMT", 12), record("B", "2025-10-30T00:30:00+02:00"),
                 record("C", "2025-10-29 23:59:59.9999999"), record("é", "2025-10-29T00:00:00Z", color="ÀB"), record(" D\t", "2025-10-29T00:00:00.1")]
        bad = [record("E", "2025-02-31T00:00:00"), record(None, "2025-10-30T00:30:00"), record("  ", "x"), record("F", None), record("F", "  "),
               record("F", "1999-12-31T23:59:59.999999Z"), record("F", "2999-01-01T00:00:00Z"), record("F", "2025-10-29T00:00:00Z", -1),
               record("F", "2025-10-29T00:00:00Z", metrics__batteryChargePerc=100.5), record("F", "2025-10-29T00:00:00Z", metrics__fuelAvailableLiters=-0.1),
               record("F", "2025-10-29T00:00:00Z", carInsurance__validUntil="2025-02-29"), record("F", "2025-10-29T24:00:00Z"),
               record("F", "2025-10-29T00:00:00+18:01"), record("F", "２０25-10-29T00:00:00")]
        late = [record("A", "2025-10-29T10:00:00Z", 99), record("B", "2025-10-29T22:30:00Z", 11), record("G", "2025-11-01T00:00:00Z")]
        self.bronze("ingest_year=2025/a.parquet", first + bad)
        report = self.run_silver()
        self.check(first + bad, report=report)
        self.assertEqual({row["reason"] for row in self.quarantine()}, set(report["counts"]["quarantine_reasons"]))
        untouched = self.contents(self.target)
        self.bronze("late.parquet", late)
        report = self.run_silver("--since", datetime.datetime.fromtimestamp(os.stat(self.path("bronze/late.parquet")).st_mtime,
                                                                           datetime.timezone.utc).isoformat())
        self.check(first + bad + late)
        self.assertEqual(3, report["counts"]["records_read"])
        day = "event_year=2025/event_month=10/event_day=30/data.parquet"
        if day in untouched:
            self.assertEqual(untouched[day], self.contents(self.target)[day])

    def test_run_textInNumbersAndOtherTypes_asReference(self):
        texts = [record("A", "2025-10-29T00:00:00Z", " +12 ", year="2020", horsePower="1234567890123456789", fuelCapacityLiters="4.5e1"),
                 record("B", "2025-10-29T00:00:00Z", "1.0", year="x", horsePower="12", fuelCapacityLiters="1e999"),
                 record("C", "2025-10-29T00:00:00Z", "", year="٣", horsePower="12", fuelCapacityLiters="0"),
                 record("D", "2025-10-29T00:00:00Z", "7", year="2020", horsePower="12", fuelCapacityLiters="1,5")]
        doubles = [record("E", "2025-10-29T00:00:00Z", 5.0, year=2020.5, Model=3.0, gasType=True, carInsurance__number=12345678901.0),
                   record("F", "2025-10-29T00:00:00Z", 9007199254740992.0, year=2020.0, Model=0.5, gasType=False, carInsurance__number=1.5),
                   record("G", "2025-10-29T00:00:00Z", 1e300, year=2020.0, Model=1.0, gasType=False, carInsurance__number=2.0)]
        broken = [record("H", "2025-10-29T00:00:00Z", carInsurance="text", market=" "), record("I", "2025-10-29T00:00:00Z", carInsurance=" ", market="x"),
                  record("J", "2025-10-29T00:00:00Z", metrics__trip="x"), record("K", 1761696000, Model="m")]
        for name, records in (("t", texts), ("d", doubles), ("h", broken[:2]), ("j", broken[2:3]), ("k", broken[3:])):
            self.bronze(f"{name}.parquet", records)
        report = self.run_silver()
        self.check(texts + doubles + broken, report=report)

    def test_run_unknownFields_textInByteOrder(self):
        records = [record("A", "2025-10-29T00:00:00Z", owner={"home": {"City": " SP ", "n": 5.0}}, Zeta=True, source_file="x", tags=["a", 1]),
                   record("B", "2025-10-29T00:00:00Z", metrics__extra=1.25, ingest_year=2025)]
        self.bronze("a.parquet", records[:1])
        self.bronze("b.parquet", records[1:])
        report = self.run_silver()
        self.assertEqual(["metrics_extra", "owner_home_city", "owner_home_n", "tags", "zeta"], report["columns_added"])
        row = self.silver()["event_year=2025/event_month=10/event_day=29"][0]
        self.assertEqual(("SP", "5", "true", '["a","1"]'), (row["owner_home_city"], row["owner_home_n"], row["zeta"], row["tags"]))
        self.bronze("c.parquet", [record("C", "2025-10-29T00:00:00Z", Zeta="text", more=1)])
        self.run_silver()
        rows = self.silver()["event_year=2025/event_month=10/event_day=29"]
        self.assertEqual(["metrics_extra", "more", "owner_home_city", "owner_home_n", "tags", "zeta"], list(rows[0])[len(reference.NAMES):])
        self.assertEqual(["true", None, "text"], [row["zeta"] for row in rows])

    def test_run_batchesInAnyOrderSplitAndRepeated_sameTable(self):
        generator = random.Random(seed())
        records = [record(generator.choice("ABC"), f"2025-10-{generator.choice([29, 30])}T0{generator.randrange(2)}:00:00Z", generator.choice([1, 2, None]),
                          color=generator.choice(["x", "y", None]), Model=generator.choice(["m", "é", "Z", None])) for _ in range(40)]
        for record_ in records:
            record_["extra"] = generator.choice(["", "1", None])
        halves = [records[:20], records[20:]]
        tables = []
        for order in ([halves[0] + halves[1]], [halves[1], halves[0]], [records[10:30], records[:10], records[30:], records[:5]]):
            self.target = self.path(f"silver{len(tables)}")
            for number, batch in enumerate(order):
                self.source = self.path(f"bronze{len(tables)}-{number}")
                self.bronze(f"../bronze{len(tables)}-{number}/a.parquet", batch)
                self.run_silver()
            self.check(records)
            tables.append(self.silver())
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])

    def test_run_oneCarHasMostOfTheRows_eachTaskSendsOne(self):
        records = [record("A", "2025-10-29T00:00:00Z", mileage) for mileage in range(500)] + [record("B", "2025-10-29T00:00:00Z")]
        self.bronze("a.parquet", records)
        self.run_silver("--explain", self.path("plan.txt"))
        self.check(records)
        with open(self.path("plan.txt"), encoding="utf-8") as stream:
            self.assertIn("partial_max", stream.read())

    def test_run_everyEventAsKey_keepsAll(self):
        records = [record("A", f"2025-10-29T0{hour}:00:00Z") for hour in (2, 1, 3, 1)]
        self.bronze("a.parquet", records)
        self.run_silver("--key-columns", "carChassis,metrics_metricTimestamp")
        self.check(records, ("carChassis", "metrics_metricTimestamp"))


class InputTests(SideBySide, SilverTestCase):
    def test_nothingNew_exit0AndUnchanged(self):
        os.makedirs(self.source)
        report = self.run_silver()
        self.assertEqual(0, sum(value for value in report["counts"].values() if isinstance(value, int)))
        self.write_frame("bronze/empty.parquet", frame_of([], "carChassis string"))
        open(os.path.join(self.source, "zero.parquet"), "wb").close()
        report = self.run_silver("--bookmark", self.path("bookmark.json"))
        self.assertEqual(0, sum(value for value in report["counts"].values() if isinstance(value, int)))
        self.assertFalse(os.path.exists(self.target))
        self.run_silver("--since", "2025-01-01T00:00:00", code=2)

    def test_bookmark_readsEachFileOnceAndLateFilesToo(self):
        bookmark = self.path("bookmark.json")
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z")])
        self.assertEqual(1, self.run_silver("--bookmark", bookmark)["counts"]["files_read"])
        self.assertEqual(0, self.run_silver("--bookmark", bookmark)["counts"]["files_read"])
        self.bronze("b.parquet", [record("B", "2025-10-29T00:00:00Z")])
        os.utime(os.path.join(self.source, "b.parquet"), (1, 1))
        self.assertEqual(1, self.run_silver("--bookmark", bookmark)["counts"]["files_read"])
        with open(os.path.join(self.source, "c.parquet"), "wb") as stream:
            stream.write(b"no parquet at all")
        before = self.contents(self.folder)
        report = self.run_silver("--bookmark", bookmark, code=7)
        self.assertTrue(report["error"]["file"].endswith("c.parquet"))
        self.assertEqual(before, self.contents(self.folder))
        self.assertEqual(1, self.run_silver("--bookmark", bookmark, "--on-bad-file", "quarantine")["counts"]["files_bad"])

    def test_hiddenFilesBelowSourceAndTarget_areNoData(self):
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z")])
        options = ("--bookmark", os.path.join(self.target, "_bookmark.json"), "--report", os.path.join(self.source, "_reports", "r.json"))
        self.assertEqual([1, 0], [self.run_silver(*options)["counts"]["files_read"] for _ in range(2)])
        self.assertEqual(["_bookmark.json", "event_year=2025/event_month=10/event_day=29/data.parquet"], self.files(self.target))

    def test_bookmark_singleFile_keepsTheOthers(self):
        bookmark, folder = self.path("bookmark.json"), self.source
        for name in "ab":
            self.bronze(f"{name}.parquet", [record(name, "2025-10-29T00:00:00Z")])
        self.run_silver("--bookmark", bookmark)
        self.source = os.path.join(folder, "b.parquet")
        self.run_silver("--bookmark", bookmark)
        self.source = folder
        self.assertEqual(0, self.run_silver("--bookmark", bookmark)["counts"]["files_read"])

    def test_bookmark_damaged_exit3(self):
        os.makedirs(self.source)
        start = '{"schema": "idextractor/job-bookmark/1", "files": '
        for text in (start + '{"a": [Infinity, "x"]}}', start + '{"a": [1]}}', start + "[]}", "[" * 200000, "[]", ""):
            with self.subTest(text=text[:80]):
                with open(self.path("bookmark.json"), "w", encoding="utf-8") as stream:
                    stream.write(text)
                self.assertIn("is not a bookmark", self.run_silver("--bookmark", self.path("bookmark.json"), code=3)["error"]["message"])

    def test_damagedPages_exit7OrSetApart(self):
        self.bronze("good.parquet", [record("A", "2025-10-29T00:00:00Z")])
        self.bronze("bad.parquet", [record(f"B{i}", "2025-10-29T00:00:00Z", i) for i in range(300)])
        path = os.path.join(self.source, "bad.parquet")
        with open(path, "r+b") as stream:
            stream.seek(30)
            stream.write(b"\xff\x00" * 400)
        report = self.run_silver(code=7)
        self.assertTrue(report["error"]["file"].endswith("bad.parquet"))
        self.assertFalse(os.path.exists(self.target))
        report = self.run_silver("--on-bad-file", "quarantine")
        self.assertEqual((1, 1, 1), tuple(report["counts"][name] for name in ("files_read", "files_bad", "rows_written")))

    def test_ambiguousNames_exit7(self):
        self.write("bronze/a.parquet", [("a", "b")], "carChassis string, CARCHASSIS string")
        self.run_silver(code=7)
        os.unlink(os.path.join(self.source, "a.parquet"))
        self.write_frame("bronze/b.parquet", spark().sql("select named_struct('b', 1) as a, 2 as a_b"))
        self.run_silver(code=7)
        os.unlink(os.path.join(self.source, "b.parquet"))
        self.write_frame("bronze/b1.parquet", spark().sql("select named_struct('b', 1) as a"))
        self.write_frame("bronze/b2.parquet", spark().sql("select 2 as a_b"))
        self.assertEqual("a_b", self.run_silver(code=7)["error"]["column"])
        for name in ("b1", "b2"):
            os.unlink(os.path.join(self.source, f"{name}.parquet"))
        self.write_frame("bronze/c.parquet", spark().range(1).selectExpr(*[f"id as x{i}" for i in range(101)]))
        self.run_silver(code=7)

    def test_ambiguousNames_messageTellsOneNameFromTwo(self):
        from pyspark.sql import types as T

        from pipeline.jobs.bronze_to_silver.layout import layout_of
        from pipeline.jobs.common.errors import InputError
        for second, message in (("x", "^f: two columns have the name x$"), ("X", "^f: columns x and X differ only by case$")):
            with self.assertRaisesRegex(InputError, message):
                layout_of(T.StructType([T.StructField(name, T.StringType()) for name in ("x", second)]), "f")

    def test_quarantineGuard_silverAndBookmarkUnchanged(self):
        bookmark = self.path("bookmark.json")
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z")])
        report = self.run_silver("--bookmark", bookmark, "--max-quarantine-percent", "66", code=4)
        self.assertEqual(2, report["counts"]["records_quarantined"])
        rows = self.quarantine()
        self.assertEqual(1, len(rows))  # the second is the same record of the same file
        self.assertEqual(("missing_key", "a.parquet", report["run_id"]), (rows[0]["reason"], rows[0]["source_file"], rows[0]["run_id"]))
        self.assertIsNone(json.loads(rows[0]["record"])["carChassis"])
        self.assertFalse(os.path.exists(self.target))
        self.assertFalse(os.path.exists(bookmark))
        self.run_silver("--bookmark", bookmark, "--max-quarantine-percent", "66.7")
        self.assertEqual({rows[0]["record_id"]}, {row["record_id"] for row in self.quarantine()})

    def test_foreignFiles_exit3OrAdopted(self):
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z", 5)])
        self.run_silver()
        day = os.path.join(self.target, "event_year=2025/event_month=10/event_day=29")
        os.rename(os.path.join(day, "data.parquet"), os.path.join(day, "part-0.parquet"))
        self.bronze("b.parquet", [record("B", "2025-10-29T00:00:00Z")])
        before = self.contents(self.target)
        report = self.run_silver(code=3)
        self.assertTrue(report["error"]["file"].endswith("event_day=29"))
        self.assertEqual(before, self.contents(self.target))
        os.unlink(os.path.join(self.source, "a.parquet"))
        report = self.run_silver("--adopt")
        self.assertEqual(1, report["counts"]["records_existing"])
        self.check([record("A", "2025-10-29T00:00:00Z", 5), record("B", "2025-10-29T00:00:00Z")])

    def test_folderWithTheNameOfTheFile_exit3AndNoQuarantine(self):
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z")])
        self.run_silver()
        file = os.path.join(self.target, "event_year=2025/event_month=10/event_day=29/data.parquet")
        os.rename(file, self.path("part-0.parquet"))
        os.makedirs(file)
        os.rename(self.path("part-0.parquet"), os.path.join(file, "part-0.parquet"))
        before = self.contents(self.folder)
        self.assertEqual(file, self.run_silver("--adopt", code=3)["error"]["file"])
        self.run_silver(code=3)
        self.assertEqual(before, self.contents(self.folder))

    def test_oddNames_literal(self):
        self.source = self.path("br[o]nze {x} 50%20+é*")
        self.bronze("../br[o]nze {x} 50%20+é*/a b%41[1].parquet", [record("A", "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z")])
        self.bronze("../br[o]nze {x} 50%20+é*/_temporary/x.parquet", [record("B", "2025-10-29T00:00:00Z")])
        self.target = self.path("si[l]ver %41 {}")
        report = self.run_silver()
        self.assertEqual(1, report["counts"]["files_read"])
        self.check([record("A", "2025-10-29T00:00:00Z")])
        self.assertEqual("a b%41[1].parquet", self.quarantine()[0]["source_file"])

    def test_quarantine_recordsThatDifferByAMicrosecond_areAllKept(self):
        times = ", ".join(f"(timestamp'2025-10-29 01:02:03{digits}')" for digits in ("", ".000001", ""))
        self.write_frame("bronze/a.parquet", spark().sql(f"select * from values {times} as t(at)"))
        self.run_silver()
        self.assertEqual(['{"at":"2025-10-29T01:02:03.000001Z"}', '{"at":"2025-10-29T01:02:03.000Z"}'],
                         sorted(row["record"] for row in self.quarantine()))

    def test_fieldsWithTheNameOfSparksColumn_areRead(self):
        for number, value in enumerate(("x", {"file_path": "y"})):
            self.bronze(f"{number}+%.parquet", [record(str(number), "2025-10-29T00:00:00Z", _metadata=value),
                                                record(None, "2025-10-29T00:00:00Z", _metadata=value)])
        self.assertEqual(["_metadata", "_metadata_file_path"], self.run_silver()["columns_added"])
        rows = self.silver()["event_year=2025/event_month=10/event_day=29"]
        self.assertEqual([("x", None), (None, "y")], [(row["_metadata"], row["_metadata_file_path"]) for row in rows])
        self.assertEqual(["0+%.parquet", "1+%.parquet"], sorted(row["source_file"] for row in self.quarantine()))

    def test_fieldsWithTheNamesOfTheJobsOwnColumns_areRead(self):
        names = ("__reason", "__REcord", "__Source_file", "__File", "__file", "__raw_carChassis", "__value_year", "__raw_0", "__field_0", "__unfit",
                 "__key_0", "__newest")
        odd = {name: f"v{place}" for place, name in enumerate(names)}
        odd.pop("__file")
        self.bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z", market="text") | odd, record("B", "2025-10-29T00:00:00Z", market=" ") | odd])
        self.bronze("b.parquet", [record("C", "2025-10-29T00:00:00Z") | {"__file": "f"}])
        added = sorted({*(name.lower() for name in names)})
        self.assertEqual(added, self.run_silver()["columns_added"])
        folder = "event_year=2025/event_month=10/event_day=29"
        rows = self.silver()[folder]
        self.assertEqual(["B", "C"], [row["carChassis"] for row in rows])
        self.assertEqual({name.lower(): value for name, value in odd.items()} | {"__file": "v3"}, {name: rows[0][name] for name in added})
        self.assertEqual([("a.parquet", "bad_value:market")], [(row["source_file"], row["reason"]) for row in self.quarantine()])
        self.assertEqual("v0", json.loads(self.quarantine()[0]["record"])["__reason"])
        # Rows of another writer, which are looked at one by one.
        shutil.copy(os.path.join(self.target, folder, "data.parquet"), os.path.join(self.target, folder, "other.parquet"))
        self.bronze("c.parquet", [record("D", "2025-10-29T00:00:00Z")])
        self.run_silver("--adopt")
        self.assertEqual(["B", "C", "D"], [row["carChassis"] for row in self.silver()[folder]])

    def test_privacy_noValueInAnyStream(self):
        self.bronze("a.parquet", [record("9BWZZZ377VT004251", "SECRET-TIME", Model="SECRET-MODEL"), record("9BWZZZ377VT004251", "2025-10-29T00:00:00Z", "SECRET")])
        _, report, err = run_job("bronze_to_silver", "--source", self.source, "--target", self.target, "--explain", self.path("plan.txt"))
        with open(self.path("plan.txt"), encoding="utf-8") as stream:
            text = json.dumps(report) + err + stream.read()
        self.assertNotIn("SECRET", text)
        self.assertNotIn("9BWZZZ", text)
