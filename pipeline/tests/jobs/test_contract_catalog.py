"""The catalog without Spark and without an emulator: what is registered, and Locations that are gone."""
import contextlib
import datetime
import os
import tempfile
import types
import unittest

from pipeline.jobs.bronze_to_silver.columns import COLUMNS
from pipeline.jobs.common.errors import ConfigurationError, InputError
from pipeline.jobs.common.read.local import LocalStore
from pipeline.jobs.common.read.references import parse
from pipeline.jobs.common.read.sources import list_source
from pipeline.jobs.common.read.stores import Stores
from pipeline.jobs.common.register.glue_table import CatalogTable
from pipeline.jobs.silver_to_gold.source import _claim

FIXED = [(column.name, column.type) for column in COLUMNS]
KEYS = [("event_year", "string")]


class Catalog:
    """GetTable, UpdateTable and GetPartitions of one table."""

    def __init__(self, table, partitions=()):
        self.current, self.updates, self._partitions = table, 0, partitions

    def get_table(self, **_):
        return {"Table": self.current}

    def update_table(self, TableInput, **_):
        self.current, self.updates = {**TableInput, "CreateTime": "now"}, self.updates + 1

    def get_partitions(self, **_):
        return {"Partitions": [{"Values": [value], "StorageDescriptor": {"Location": place}} for value, place in self._partitions]}


class Run:
    def __init__(self, catalog):
        self.aws = type("Clients", (), {"glue": catalog})
        self.stores = Stores(None)
        self.log = type("Log", (), {"info": staticmethod(lambda message: None)})


class RegisterTests(unittest.TestCase):
    def synchronise(self, catalog, *added):
        CatalogTable(Run(catalog), ("d", "t"), "s3://b/t/", [*FIXED, *[(name, "string") for name in added]], KEYS).synchronise(len(FIXED))
        return [(column["Name"], column["Type"]) for column in catalog.current["StorageDescriptor"]["Columns"]]

    def test_unknownColumns_areAppendedAndKeepTheirPlaces(self):
        catalog = Catalog({"Name": "t", "StorageDescriptor": {"Columns": []}})
        self.assertEqual([*FIXED, ("m", "string")], self.synchronise(catalog, "m"))
        self.assertEqual([*FIXED, ("m", "string"), ("a", "string"), ("z", "string")], self.synchronise(catalog, "a", "z"))
        self.assertEqual([*FIXED, ("m", "string"), ("a", "string"), ("z", "string")], self.synchronise(catalog, "m", "z"))
        self.assertEqual(2, catalog.updates)

    def test_unknownColumns_areNeverRetyped_knownOnesAre(self):
        found = [{"Name": "owner", "Type": "bigint"}, {"Name": "carchassis", "Type": "bigint"}]
        catalog = Catalog({"Name": "t", "StorageDescriptor": {"Columns": found}})
        self.assertEqual([*FIXED, ("owner", "bigint"), ("new", "string")], self.synchronise(catalog, "new", "owner"))


    def test_viewsAndTableFormats_areRefusedBeforeTheUpdate_plainTablesAreNot(self):
        for kind in ({"TableType": "VIRTUAL_VIEW"}, {"Parameters": {"table_type": "ICEBERG"}}, {"Parameters": {"Table_Type": "DELTA"}},
                     {"Parameters": {"spark.sql.sources.provider": "delta"}}, {"Parameters": {"spark.sql.sources.provider": "hudi"}}):
            catalog = Catalog({"Name": "t", "StorageDescriptor": {"Columns": []}, **kind})
            with self.subTest(kind=kind), self.assertRaisesRegex(ConfigurationError, "d.t is a (view|table of the format)"):
                self.synchronise(catalog)
            self.assertEqual(0, catalog.updates)
        plain = {"TableType": "MANAGED_TABLE", "Parameters": {"spark.sql.sources.provider": "PARQUET"}}
        for kind in ({"TableType": "EXTERNAL_TABLE"}, plain):
            self.synchronise(Catalog({"Name": "t", "StorageDescriptor": {"Columns": []}, **kind}))


class SourceTests(unittest.TestCase):
    def test_timesBeyondTheCalendar_areItsLastAndFirst(self):
        for seconds, year in ((300_000_000_000, 9999), (-100_000_000_000, 1), (10 ** 30, 9999), (0.0000015, 1970)):
            found = types.SimpleNamespace(st_mtime=seconds, st_mtime_ns=seconds * 10 ** 9, st_size=1, st_ino=1)
            file = LocalStore._file("a", "a", parse("/a"), found)
            self.assertEqual(year, file.modified.year)
            since = datetime.datetime(1969, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-3)))
            self.assertEqual(seconds > 0, file.modified >= since)
            self.assertIn(str(year), file.modified.isoformat())

    def test_locationThatIsGone_hasNoFiles(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "there"))
            with open(os.path.join(folder, "there", "a.parquet"), "wb") as stream:
                stream.write(b"x")
            catalog = Catalog({"PartitionKeys": [{"Name": "day"}], "StorageDescriptor": {"Location": f"file://{folder}"}},
                              [("1", f"file://{folder}/gone"), ("2", f"file://{folder}/there")])
            root, files = list_source(Run(catalog), parse("glue://d/t"))
        self.assertEqual((folder, ["there/a.parquet"]), (root.path, [file.path for file in files]))

    def test_loopsBelowHiddenNames_areSkipped_othersAreNot(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "_h", "below"))
            os.symlink(folder, os.path.join(folder, "_h", "below", "up"))
            os.symlink("self", os.path.join(folder, "_h", "self"))
            os.symlink(".self", os.path.join(folder, ".self"))
            with open(os.path.join(folder, "a.parquet"), "wb") as stream:
                stream.write(b"x")
            _, files = list_source(Run(None), parse(folder))
            self.assertEqual(["a.parquet"], [file.path for file in files])
            os.symlink(folder, os.path.join(folder, "up"))
            with self.assertRaisesRegex(InputError, "up links to a folder above itself"):
                list_source(Run(None), parse(folder))

    def test_namesThatAreNotUtf8_areRefused_hiddenOnesAreNot(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in (b"_\xff", b"below/_h\xff/\xff"):
                os.makedirs(os.path.join(os.fsencode(folder), name))
            self.assertEqual([], list_source(Run(None), parse(folder))[1])
            os.makedirs(os.path.join(os.fsencode(folder), b"below/\xff"))
            with self.assertRaisesRegex(ConfigurationError, "below: a name in this folder is not UTF-8"):
                list_source(Run(None), parse(folder))

    def test_referenceThatIsAFile_isReadBelowAHiddenFolder_refusedWithAHiddenName(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "_h"))
            for name in ("_h/a.parquet", "_f.parquet"):
                with open(os.path.join(folder, name), "wb") as stream:
                    stream.write(b"x")
            _, files = list_source(Run(None), parse(os.path.join(folder, "_h", "a.parquet")))
            self.assertEqual(["a.parquet"], [file.path for file in files])
            with self.assertRaisesRegex(InputError, "_f.parquet: Spark does not read"):
                list_source(Run(None), parse(os.path.join(folder, "_f.parquet")))
            self.assertEqual([], list_source(Run(None), parse(folder))[1])


class SpellingTests(unittest.TestCase):
    def test_register_SpellingsOfALocation_AreOnePartition(self):
        for location in ("s3://lake/gold/mes=9/", "s3a://lake/gold/mes=9", "s3n://lake/gold/mes=9/"):
            table = CatalogTable(Run(Catalog({}, [("09", location)])), ("d", "t"), "s3://lake/gold/", [], [("mes", "int")])
            with self.subTest(location):
                self.assertEqual({("9",): ("09",)}, table.spelled_otherwise([("9",)], lambda values: int(values[0])))
        for value, location in (("09", "s3://lake/gold/mes=09/"), ("8", "s3://lake/gold/mes=9/"), ("09", "")):
            table = CatalogTable(Run(Catalog({}, [(value, location)])), ("d", "t"), "s3://lake/gold/", [], [("mes", "int")])
            with self.subTest(value, location=location):
                self.assertEqual({}, table.spelled_otherwise([("9",)], lambda values: int(values[0])))

    def test_gold_LocationOfTwoMonths_IsRefusedWhereOneIsWanted(self):
        reference, place, months = parse("glue://d/t"), parse("s3://lake/x/"), ((2025, 8), (2025, 9))
        for pinned, refused in ((set(), True), ({(2025, 9)}, True), ({(2025, 10)}, False)):
            owners = {}
            self.assertTrue(_claim(reference, owners, place, months[0], pinned))
            with self.subTest(pinned), self.assertRaises(ConfigurationError) if refused else contextlib.nullcontext():
                self.assertFalse(_claim(reference, owners, place, months[1], pinned))


if __name__ == "__main__":
    unittest.main()
