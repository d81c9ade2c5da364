"""process_taxi on small uploads: values, quarantine, files per source, and the arguments of the
state machine.
"""
import datetime
import gzip
import json
import os
import unittest
from unittest import mock

from pipeline.jobs.common.errors import InputError, UsageError
from pipeline.jobs.process_taxi.arguments import StateMachine
from pipeline.jobs.process_taxi.columns import NAMES
from pipeline.jobs.process_taxi.sources import match

from .side_by_side import SideBySide, alone
from .spark_support import SparkTestCase, run_job

HEADER = ("VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID,store_and_fwd_flag,"
          "PULocationID,DOLocationID,payment_type,fare_amount,Airport_fee")
TRIP = "1,2024-01-15 10:00:00,2024-01-15 10:30:00,1,2.5,1,N,100,200,1,12.5,0.0"


class HeaderTests(unittest.TestCase):
    class File:
        name = path = "f.csv"

    def test_match_NamesInAnyCase_FindTheirColumns(self):
        header = match(["TPEP_PICKUP_DATETIME", "tpep_dropoff_datetime", "Airport_fee", "extra_field"], self.File)
        self.assertEqual(header.places, {"tpep_pickup_datetime": 0, "tpep_dropoff_datetime": 1, "airport_fee": 2})
        self.assertEqual(header.ignored, ["extra_field"])

    def test_match_MissingOrAmbiguousColumns_AreRefused(self):
        with self.assertRaises(InputError) as raised:
            match(["tpep_pickup_datetime"], self.File)
        self.assertEqual((raised.exception.file, raised.exception.column), ("f.csv", "tpep_dropoff_datetime"))
        with self.assertRaises(InputError):
            match(["tpep_pickup_datetime", "tpep_dropoff_datetime", "Extra", "extra"], self.File)


class ArgumentTests(unittest.TestCase):
    def test_call_SourceKey_NamesOneObject(self):
        self.assertEqual(StateMachine()({"bucket_name": ["b"], "source_key": ["raw/taxi/x y.csv"], "source_prefix": ["raw/taxi/"],
                                         "target_prefix": ["processed/taxi/"], "report": ["r"]}),
                         {"report": ["r"], "source": ["s3://b/raw/taxi/x y.csv"], "target": ["s3://b/processed/taxi/"],
                          "quarantine": ["s3://b/dead-letter-queue/taxi/"]})

    def test_call_PrefixOnly_ReadsWhatIsNotInTheBookmark(self):
        options = StateMachine()({"bucket_name": ["b"], "source_prefix": ["raw/taxi/"], "target_prefix": ["processed/taxi/"]})
        self.assertEqual((options["source"], options["bookmark"]), (["s3://b/raw/taxi/"], ["s3://b/_bookmarks/processed/taxi.json"]))

    def test_call_MissingArguments_AreNamed(self):
        with self.assertRaisesRegex(UsageError, "--bucket_name, --source_key or --source_prefix"):
            StateMachine()({"target_prefix": ["t/"]})
        with self.assertRaisesRegex(UsageError, "twice|2 times"):
            StateMachine()({"bucket_name": ["b", "c"], "target_prefix": ["t/"], "source_key": ["k"]})
        self.assertEqual(StateMachine()({"source": ["x"], "target": ["y"]}), {"source": ["x"], "target": ["y"]})


class TaxiTests(SideBySide, SparkTestCase):
    def upload(self, name, *lines, header=HEADER):
        path = self.path("raw", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        content = ("\r\n".join([header, *lines]) + "\r\n").encode()
        with gzip.open(path, "wb") if name.endswith(".gz") else open(path, "wb") as stream:
            stream.write(content)
        return path

    def run_taxi(self, *more, source="raw"):
        return run_job("process_taxi", "--source", self.path(source), "--target", self.path("taxi"), *more)

    def parts(self):
        return [name for name in self.files(self.path("taxi")) if not os.path.basename(name).startswith(("_", "."))]

    def rows(self, name):
        return self.read(self.path("taxi", name))

    def test_run_CsvAndParquet_GiveOneTable(self):
        self.upload("a.csv", TRIP, TRIP.replace("2024-01-15", "2024-02-01"))
        self.upload("b.csv.gz", TRIP)
        self.write("raw/c.parquet", [(2, datetime.datetime(2024, 1, 2, 3, 4, 5), datetime.datetime(2024, 1, 2, 4), 1.0, "y", "z")],
                   "VendorID int, tpep_pickup_datetime timestamp_ntz, tpep_dropoff_datetime timestamp_ntz, passenger_count double, "
                   "new string, _metadata string")
        code, report, _ = self.run_taxi()
        self.assertEqual(code, 0, report["error"])
        self.assertEqual(report["counts"], {"files_read": 3, "records_read": 4, "records_valid": 4, "records_quarantined": 0,
                                            "quarantine_reasons": {}, "rows_written": 4})
        self.assertEqual((report["partitions_written"], report["columns_ignored"]),
                         (["year=2024/month=01", "year=2024/month=02"], ["_metadata", "new"]))
        self.assertEqual(len(self.parts()), 4)
        for name in self.parts():
            self.assertRegex(name, r"^year=2024/month=0[12]/part-[0-9a-f]{16}\.parquet$")
        found = [row for name in self.parts() for row in self.rows(name)]
        self.assertEqual({tuple(row) for row in found}, {NAMES})
        self.assertEqual(sorted((row["VendorID"], row["passenger_count"], row["trip_distance"], row["airport_fee"],
                                 row["store_and_fwd_flag"]) for row in found),
                         sorted([(1, 1, 2.5, 0.0, "N")] * 3 + [(2, 1, None, None, None)], key=str))

    def test_run_BadRecords_AreQuarantinedByTheFirstReason(self):
        bad = {"missing_timestamp": TRIP.replace("2024-01-15 10:30:00", ""),
               "bad_timestamp": TRIP.replace("2024-01-15 10:30:00", "2024-02-31 10:30:00"),
               "timestamp_out_of_range": TRIP.replace("2024", "2008"), "dropoff_before_pickup": TRIP.replace("10:30:00", "09:30:00"),
               "bad_value:passenger_count": TRIP.replace(",1,2.5", ",one,2.5"), "bad_value:fare_amount": TRIP.replace("12.5", "Infinity"),
               "out_of_range:trip_distance": TRIP.replace("2.5,1", "-2.5,1"),
               "out_of_range:passenger_count": TRIP.replace(",1,2.5", ",-1,2.5")}
        self.upload("a.csv", TRIP, *bad.values())
        code, report, printed = self.run_taxi()
        self.assertEqual(code, 0, report["error"])
        self.assertEqual(report["counts"]["quarantine_reasons"], {reason: 1 for reason in sorted(bad)})
        self.assertEqual((report["counts"]["records_read"], report["counts"]["rows_written"]), (9, 1))
        name, = self.files(self.path("taxi_quarantine"))
        rows = self.read(self.path("taxi_quarantine", name))
        self.assertEqual({row["reason"]: row["source_file"] for row in rows}, {reason: "a.csv" for reason in bad})
        self.assertEqual({json.loads(row["record"])["VendorID"] for row in rows}, {"1"})
        self.assertNotIn("2024-02-31", printed + json.dumps(report))

    def test_run_UnknownColumnsOfAnyName_AreInTheRecordOfTheQuarantine(self):
        names = ("part", "__record", "__source_file", "__file", "x", "x", "x_16", "x_17", "")
        os.makedirs(self.path("raw"))
        with open(self.path("raw", "a.csv"), "w", encoding="utf-8") as stream:
            for first, more in ((HEADER, names), (TRIP, range(len(names))), (TRIP.replace("2024", "1999"), range(len(names)))):
                stream.write(",".join([first, *map(str, more)]) + "\n")
        code, report, _ = self.run_taxi()
        self.assertEqual((code, report["counts"]["rows_written"], report["columns_ignored"]), (0, 1, sorted(set(names))), report["error"])
        name, = self.files(self.path("taxi_quarantine"))
        record = json.loads(self.read(self.path("taxi_quarantine", name))[0]["record"])
        self.assertEqual((list(record.values())[-len(names):], len(record)), ([str(value) for value in range(len(names))], 12 + len(names)))
        self.assertEqual(record["part"], "0")

    def test_run_Explain_IsWrittenBeforeTheFilesAreRead(self):
        self.upload("a.csv", TRIP.replace("2024", "1999"))
        self.assertEqual(self.run_taxi("--explain", self.path("plan.txt"))[0], 0)
        with open(self.path("plan.txt"), encoding="utf-8") as stream:
            self.assertIn("Scan csv", stream.read())

    def test_run_BadRecordsThatDifferByAMicrosecond_AreAllKept(self):
        pickups = [datetime.datetime(2024, 1, 2, 3, 4, 5, micros) for micros in (0, 1, 2)]
        self.write("raw/a.parquet", [(pickup, pickups[0]) for pickup in (None, *pickups)],
                   "tpep_pickup_datetime timestamp_ntz, tpep_dropoff_datetime timestamp_ntz")
        code, report, _ = self.run_taxi()
        self.assertEqual((code, report["counts"]["quarantine_reasons"]), (0, {"dropoff_before_pickup": 2, "missing_timestamp": 1}))
        name, = self.files(self.path("taxi_quarantine"))
        self.assertEqual(len(self.rows("../taxi_quarantine/" + name)), 3)

    def test_run_TooManyBadRecords_ChangeNothing(self):
        self.upload("a.csv", TRIP, TRIP.replace("2024", "1999"))
        code, report, _ = self.run_taxi("--max-quarantine-percent", "49")
        self.assertEqual((code, self.parts(), report["counts"]["rows_written"]), (4, [], 0))
        self.assertEqual(len(self.files(self.path("taxi_quarantine"))), 1)

    def test_run_SourceAgain_ReplacesItsFilesOnly(self):
        first = self.upload("a.csv", TRIP, TRIP.replace("2024-01", "2024-02"))
        self.upload("b.csv", TRIP)
        self.assertEqual(self.run_taxi()[:1], (0,))
        before = {name: os.stat(self.path("taxi", name)).st_ino for name in self.parts()}
        self.upload("a.csv", TRIP.replace("2024-01", "2024-03"))
        code, report, _ = self.run_taxi(source="raw/a.csv")
        self.assertEqual((code, report["counts"]["files_read"], report["partitions_written"]), (0, 1, ["year=2024/month=03"]))
        after = {name: os.stat(self.path("taxi", name)).st_ino for name in self.parts()}
        self.assertEqual(len(after), 2)
        kept, = set(before) & set(after)
        self.assertEqual(before[kept], after[kept])
        self.assertTrue(os.path.exists(first))

    def test_run_SameInputAgain_GivesTheSameBytes(self):
        self.upload("a.csv", *[TRIP.replace("2.5", str(number / 8)) for number in range(50)])
        contents = []
        for _ in range(2):
            self.assertEqual(self.run_taxi()[:1], (0,))
            name, = self.parts()
            with open(self.path("taxi", name), "rb") as stream:
                contents.append(stream.read())
        self.assertEqual(*contents)
        distances = [row["trip_distance"] for row in self.rows(name)]
        self.assertEqual(distances, sorted(distances))

    def test_run_Bookmark_ReadsNewFilesOnly(self):
        self.upload("a.csv", TRIP)
        bookmark = ("--bookmark", self.path("bookmark.json"))
        self.assertEqual(self.run_taxi(*bookmark)[1]["counts"]["files_read"], 1)
        code, report, _ = self.run_taxi(*bookmark)
        self.assertEqual((code, report["counts"]["files_read"], report["partitions_written"]), (0, 0, []))
        self.upload("b.csv", TRIP)
        self.assertEqual(self.run_taxi(*bookmark)[1]["counts"]["files_read"], 1)

    def test_run_BookmarkAndASingleFile_KeepTheOthers(self):
        for name in ("a.csv", "b.csv"):
            self.upload(name, TRIP)
        bookmark = ("--bookmark", self.path("bookmark.json"))
        self.assertEqual([self.run_taxi(*bookmark, source=source)[1]["counts"]["files_read"] for source in ("raw", "raw/b.csv", "raw")],
                         [2, 0, 0])

    def test_run_QuotesOfRfc4180_AreUnderstood(self):
        self.upload("a.csv", '"1","2024-01-15 10:00:00",2024-01-15 10:30:00,1,2.5,1,"a ""b"", c\nd",100,200,1,12.5,0.0')
        code, report, _ = self.run_taxi()
        self.assertEqual((code, report["counts"]["records_valid"]), (0, 1), report["error"])
        self.assertEqual(self.rows(self.parts()[0])[0]["store_and_fwd_flag"], 'a "b", c\nd')

    def test_run_BadFiles_AreNamedAndNothingIsPublished(self):
        cases = {"x.json": b"{}", "x.parquet": b"PAR1 not parquet PAR1", "x.csv.gz": b"not gzip", "x.csv": HEADER.encode() + b"\n1,2\n",
                 "y.csv": (HEADER + "\n" + TRIP + ",9\n").encode(),
                 "z.csv": b"a,b\n1,2\n", "w.csv": b"\xff\xfe\n", "v.csv.gz": gzip.compress((HEADER + "\n" + TRIP
                         + "\n").encode() * 500)[:-30]}
        for name, content in cases.items():
            with self.subTest(name):
                self.upload("good.csv", TRIP)
                with open(self.path("raw", name), "wb") as stream:
                    stream.write(content)
                code, report, printed = self.run_taxi()
                self.assertEqual((code, os.path.basename(report["error"].get("file", "")), self.parts()), (7, name, []), report["error"])
                self.assertNotIn("Traceback", printed)
                os.unlink(self.path("raw", name))

    def test_run_NothingThere_IsSuccess(self):
        os.makedirs(self.path("raw"))
        code, report, _ = self.run_taxi()
        self.assertEqual((code, report["counts"]["records_read"]), (0, 0))
        self.assertEqual(self.run_taxi(source="nowhere")[0], 3)

    def test_run_FilesOfAnotherWriter_AreLeftAlone(self):
        self.upload("a.csv", TRIP)
        os.makedirs(self.path("taxi", "year=2024", "month=01"))
        with open(self.path("taxi", "year=2024", "month=01", "other.parquet"), "wb") as stream:
            stream.write(b"x")
        code, report, _ = self.run_taxi()
        self.assertEqual((code, self.parts()), (3, ["year=2024/month=01/other.parquet"]))
        self.assertIn("month=01", report["error"]["file"])

    @alone
    def test_run_FolderWithTheNameOfAFile_IsLeftAloneAndNothingIsPublished(self):
        self.upload("a.csv", TRIP, TRIP.replace("2024-01-15 10:30:00", ""))
        self.run_taxi("--quarantine", self.path("first"))
        name = self.path("taxi", *self.parts())
        os.unlink(name)
        os.makedirs(name)
        code, report, _ = self.run_taxi()
        self.assertEqual((3, name), (code, report["error"]["file"]))
        self.assertFalse(os.path.exists(self.path("taxi_quarantine")))

    def test_run_FileThatChangesMeanwhile_IsTemporary(self):
        from pipeline.jobs.process_taxi import job
        path, real = self.upload("a.csv", TRIP), job._stage

        def stage_and_touch(*arguments):
            os.utime(path, ns=(1, 1))
            return real(*arguments)
        with mock.patch.object(job, "_stage", stage_and_touch):
            code, _, _ = self.run_taxi()
        self.assertEqual((code, self.parts()), (75, []))


if __name__ == "__main__":
    unittest.main()
