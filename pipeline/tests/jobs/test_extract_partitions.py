"""Partition typing and choice of extract_ids, without Spark."""
import contextlib
import os
import random
import socket
import tempfile
import unittest
from datetime import datetime, timedelta

from pipeline.jobs.common.errors import ConfigurationError, InputError, PartitionError, UsageError
from pipeline.jobs.common.read.references import place
from pipeline.jobs.common.read.stores import Stores
from pipeline.jobs.extract_ids.catalog import values
from pipeline.jobs.extract_ids.catalog.choice import UNPARTITIONED, Candidate, Partition, Table, check_age, select
from pipeline.jobs.extract_ids.catalog.location import Location
from pipeline.jobs.extract_ids.catalog.names import decode, folded, format_pin, has_hidden_part, parse_folder, parse_pin, split_partitions

NOW = datetime(2025, 10, 23, 12)


def choose(*folders, pin=(), now=NOW, allow_future=False):
    """The selection among partitions that are given as their folders: choose('ano=2025/mes=9', ...)."""
    partitions = [Partition(tuple(parse_folder(part) for part in folder.split("/")), folder) for folder in folders]
    keys = tuple(key for key, _ in partitions[0].values)
    return select(Table("t", "t/", keys), partitions, list(pin), now, allow_future)


class ValueTests(unittest.TestCase):
    def test_parse_EachForm_HasItsType(self):
        for text, kind in (("20251022", values.CALENDAR), ("2025-10-22", values.CALENDAR), ("2025-10-22 01:02:03", values.CALENDAR),
                           ("2025-10-22T01:02:03.123456789", values.CALENDAR), ("7", values.INTEGER), ("-7", values.INTEGER),
                           ("-1234567", values.INTEGER),
                           ("9223372036854775807", values.INTEGER), ("20251399", values.TEXT), ("00000000", values.TEXT),
                           ("2025-02-29", values.TEXT),
                           ("9223372036854775808", values.TEXT), ("", values.TEXT), ("-", values.TEXT), ("+7", values.TEXT),
                           ("\u0661", values.TEXT),
                           ("2025-10-22T24:00:00", values.TEXT), ("2025-10-22 01:02:03.1234567890", values.TEXT),
                           ("2025-10-22\n", values.TEXT),
                           ("__HIVE_DEFAULT_PARTITION__", values.TEXT)):
            with self.subTest(text):
                self.assertEqual(values.parse(text).kind, kind)

    def test_compare_DatesAndTimestamps_ShareALine(self):
        self.assertEqual(values.compare(values.parse("20251022"), values.parse("2025-10-22")), 0)
        self.assertLess(values.compare(values.parse("2025-10-22"), values.parse("2025-10-22T00:00:00.000000001")), 0)
        self.assertIsNone(values.compare(values.parse("20251022"), values.parse("7")))


class NameTests(unittest.TestCase):
    def test_decode_Escapes_BecomeUtf8(self):
        for text, expected in (("a%20b", "a b"), ("%C3%A3", "\u00e3"), ("%zz", "%zz"), ("%C3", "%C3"), ("%C3%20", "%C3 "), ("1+1", "1+1"),
                               ("%E2%82%AC%FF", "\u20ac%FF")):
            with self.subTest(text):
                self.assertEqual(decode(text), expected)

    def test_formatPin_ParsedAgain_IsTheSame(self):
        seed = 20251022
        print(f"seed {seed}")
        generator = random.Random(seed)
        for _ in range(500):
            pin = [(f"k{place}" + "".join(generator.choices("=%/a b", k=2)), "v" + "".join(generator.choices("=%/a b\u00e3:", k=4)))
                   for place in range(generator.randint(1, 3))]
            self.assertEqual(parse_pin(format_pin(pin)), pin)

    def test_folded_NamesInAnotherCase_AreEqualAsInTheEngine(self):
        for one, other, equal in (("ID_\u00c7", "id_\u00e7", True), ("\u00b5", "\u03bc", True), ("\u03c3", "\u03c2", True), ("\u1f80", "\u1f88", True),
                                  ("k", "\u212a", False), ("i", "\u0131", False), ("s", "\u017f", False), ("ss", "\u00df", False),
                                  ("\u1e9e", "\u00df", False), ("fi", "\ufb01", False), ("i", "\u0130", False)):
            with self.subTest(one=one, other=other):
                self.assertEqual(equal, folded(one) == folded(other))

    def test_splitPartitions_FoldersAtTheEnd_ArePartitions(self):
        self.assertEqual(split_partitions("t/ano=2025/mes=9/"), (("ano", "2025"), ("mes", "9")))
        self.assertEqual(split_partitions("/data/env=prod/t"), ())
        self.assertEqual(split_partitions("t/_x=1"), ())

    def test_hasHiddenPart_AnyLevel_Counts(self):
        self.assertTrue(has_hidden_part("a/_temporary/b"))
        self.assertFalse(has_hidden_part("a_/b.c"))


class ChoiceTests(unittest.TestCase):
    def latest(self, *folders, **more):
        return choose(*folders, **more).candidates[0].source_partition

    def test_select_NumbersOfMixedWidth_AreComparedAsNumbers(self):
        self.assertEqual(self.latest("ano=2025/mes=9", "ano=2025/mes=10"), "ano=2025/mes=10")
        self.assertEqual(self.latest("n=9", "n=10", "n=-11"), "10")

    def test_select_JunkValues_AreSkippedAndNamed(self):
        selection = choose("d=20251021", "d=__HIVE_DEFAULT_PARTITION__", "d=20251399", "d=word")
        self.assertEqual([candidate.source_partition for candidate in selection.candidates], ["20251021"])
        self.assertEqual(len(selection.skipped), 3)

    def test_select_NothingParses_IsAPartitionError(self):
        with self.assertRaisesRegex(PartitionError, "pin them"):
            choose("d=word", "d=__HIVE_DEFAULT_PARTITION__")

    def test_select_EqualSpellings_NamesBoth(self):
        with self.assertRaisesRegex(InputError, "mes=9.*mes=09|mes=09.*mes=9"):
            choose("mes=9", "mes=09")
        # Different years may spell their months differently.
        self.assertEqual(self.latest("ano=2024/mes=09", "ano=2025/mes=9"), "ano=2025/mes=9")

    def test_select_EqualYearsSpelledTwice_IsRefusedWhateverTheMonths(self):
        with self.assertRaises(InputError):
            choose("ano=2025/mes=1", "ano=02025/mes=2")

    def test_select_DatesAndNumbersMixed_NamesThePlace(self):
        with self.assertRaisesRegex(InputError, "d=7"):
            choose("d=20251022", "d=7")

    def test_select_FutureDate_IsSkippedUnlessAllowedOrPinned(self):
        self.assertEqual(self.latest("d=20251022", "d=99991231"), "20251022")
        self.assertEqual(self.latest("d=20251025", "d=20251022"), "20251025")
        self.assertEqual(self.latest("d=20251022", "d=20251026"), "20251022")
        self.assertEqual(self.latest("d=20251022", "d=99991231", allow_future=True), "99991231")
        self.assertEqual(self.latest("d=20251022", "d=99991231", pin=[("d", "99991231")]), "99991231")
        self.assertEqual(self.latest("ano=2025/mes=1/dia=2", "ano=9999/mes=12/dia=31"), "ano=2025/mes=1/dia=2")
        self.assertEqual(self.latest("pais=br/d=20251022", "pais=br/d=99991231", pin=[("pais", "br")]), "pais=br/d=20251022")
        self.assertEqual(self.latest("ano=2025/mes=1", "ano=2030/mes=1", "ano=2030/mes=2", pin=[("ano", "2030")]), "ano=2030/mes=2")
        self.assertEqual(self.latest("ano=2025/mes=1", "ano=9999/mes=1"), "ano=2025/mes=1")
        with self.assertRaisesRegex(PartitionError, "more than two days in the future"):
            choose("d=99991231")

    def test_select_SentinelThatIsNoDate_IsSkipped(self):
        # Of a table with one key, the partition is named by its value.
        for sound, sentinels in {"ano=2025/mes=10": ("ano=9999/mes=99", "ano=99999/mes=1", "ano=2099/mes=0"),
                                 "ano=2025/mes=10/dia=1": ("ano=2099/mes=12/dia=99", "ano=9999/mes=99/dia=99"),
                                 "ano_mes=202510": ("ano_mes=999912", "ano_mes=999999", "ano_mes=209900"),
                                 "event_yearmonth=202510": ("event_yearmonth=999912",), "yyyymm=202510": ("yyyymm=209912",)}.items():
            for sentinel in sentinels:
                with self.subTest(sentinel):
                    self.assertEqual(self.latest(sound, sentinel), sound if "/" in sound else sound.partition("=")[2])
        self.assertEqual(self.latest("numero=202510", "numero=999912"), "999912")
        self.assertEqual(self.latest("ano_mes=2025", "ano_mes=2099"), "2099")

    def test_select_KeysThatTheReferenceNames_NeedNoOrder(self):
        partitions = [Partition((("uf", "sp"), ("d", day)), day) for day in ("20251021", "20251022")]
        selection = select(Table("t/uf=sp", "t", ("uf", "d"), pinned=1), partitions, [], NOW)
        self.assertEqual((selection.candidates[0].source_partition, selection.candidates[0].pin), ("uf=sp/d=20251022",) * 2)

    def test_select_PinOfSomeKeys_NarrowsTheChoice(self):
        folders = ("ano=2024/mes=12", "ano=2025/mes=1", "ano=2025/mes=02")
        self.assertEqual(self.latest(*folders, pin=[("ano", "2024")]), "ano=2024/mes=12")
        self.assertEqual(self.latest(*folders, pin=[("mes", "2")]), "ano=2025/mes=02")
        with self.assertRaises(PartitionError):
            choose(*folders, pin=[("mes", "3")])
        with self.assertRaises(PartitionError):
            choose(*folders, pin=[("dia", "3")])
        with self.assertRaises(UsageError):
            choose(*folders, pin=[("mes", "2"), ("ano", "2025")])

    def test_select_TextKeyPinned_NeedsNoOrder(self):
        self.assertEqual(self.latest("uf=sp/d=20251021", "uf=rj/d=20251022", pin=[("uf", "sp")]), "uf=sp/d=20251021")

    def test_select_NoKeys_IsUnpartitioned(self):
        selection = select(Table("t", "t/", ()), [], [], NOW)
        self.assertEqual((selection.candidates[0].source_partition, selection.candidates[0].pin, selection.is_partitioned),
                         (UNPARTITIONED, None, False))

    def test_select_AnyOrderOfPartitions_GivesTheSameLatest(self):
        seed = 7
        print(f"seed {seed}")
        generator = random.Random(seed)
        days = [NOW - timedelta(days=day) for day in range(60)]
        folders = [generator.choice((f"d={day:%Y%m%d}", f"d={day:%Y-%m-%d}", f"d={day:%Y-%m-%d}T00%3A00%3A00")) for day in days]
        for _ in range(20):
            generator.shuffle(folders)
            self.assertEqual(choose(*folders).candidates[0].time.date(), NOW.date())

    def test_checkAge_StalePartition_SaysHowOld(self):
        candidate = Candidate("20251020", "t/", datetime(2025, 10, 20))
        with self.assertRaisesRegex(PartitionError, "3.5 days old, the limit is 2 days"):
            check_age("t", candidate, timedelta(days=2), NOW)
        check_age("t", candidate, timedelta(days=4), NOW)
        check_age("t", Candidate("20991231", "t/", datetime(2099, 12, 31)), timedelta(minutes=1), NOW)
        with self.assertRaises(UsageError):
            check_age("t", Candidate("7", "t/"), timedelta(days=2), NOW)


class LocationTests(unittest.TestCase):
    def test_entries_LinksThatLeadNowhere_AreRefusedHiddenOnesAreNot(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "dia=20251022"))
            os.symlink("/nonexistent", os.path.join(folder, ".gone"))
            os.symlink("dia=20251022", os.path.join(folder, "link"))
            location = Location(Stores(None), place(folder))
            self.assertEqual([(".gone", False), ("dia=20251022", True), ("link", True)], location.entries())
            for target in ("/nonexistent", "dia=20251023"):
                os.symlink(target, os.path.join(folder, "dia=20251023"))
                with self.assertRaisesRegex(ConfigurationError, "dia=20251023 is a link that leads nowhere"):
                    location.entries()
                os.unlink(os.path.join(folder, "dia=20251023"))

    def test_filesAndEntries_PipesSocketsAndDevices_AreRefusedHiddenOnesAreNot(self):
        for name, refused in {"p": True, "_p": False, "dia=1/p": True, "dia=1/.p": False}.items():
            for make in (os.mkfifo, lambda path: os.symlink("/dev/null", path), bind):
                with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                    os.makedirs(os.path.join(folder, "dia=1"))
                    make(os.path.join(folder, name))
                    table = Location(Stores(None), place(folder))
                    asked = [table.files, *([] if "/" in name else [table.entries])]
                    for ask in asked:
                        with self.assertRaisesRegex(ConfigurationError, f"/{name} is a pipe") if refused else contextlib.nullcontext():
                            self.assertEqual(1 + (ask == table.entries), len(ask()))

    def test_files_LinksInACircle_AreRefused(self):
        for target in (".", "link"):
            with self.subTest(target), tempfile.TemporaryDirectory() as folder:
                os.symlink(target, os.path.join(folder, "link"))
                with self.assertRaisesRegex(ConfigurationError, "remove the link"):
                    Location(Stores(None), place(folder)).files()


def bind(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


if __name__ == "__main__":
    unittest.main()
