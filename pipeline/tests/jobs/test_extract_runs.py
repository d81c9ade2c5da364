"""Runs of extract_ids: what is read, what is refused, what a failed run leaves, and
what is printed.
"""
import gzip
import json
import os
import re

from .side_by_side import SideBySide, alone
from .spark_support import SparkTestCase, frame_of, run_job

PARTS = ("20251020", "20251021", "20251022")


def document(number):
    return f"000{number:011d}"


class RunTests(SideBySide, SparkTestCase):
    """Each partition has rows 0 to 99: document i, id `ID<day>-<i>`; A has the CPFs 0 to 9."""

    def setUp(self):
        super().setUp()
        self.write("a/part.parquet", [(f"{number:011d}",) for number in range(10)], "documento string")
        for day in PARTS:
            self.write(f"b/dia={day}/part-0.parquet", [(document(number), f"ID{day}-{number}", 1.5) for number in range(100)],
                       "documento string, id string, other double")

    def run_twin(self, *more, a="a", b="b", output="out"):
        return run_job("extract_ids", "--table-a", self.path(a), "--table-b", self.path(b), "--output", self.path(output), *more)

    def ids(self, report):
        return sorted(row["id"] for row in self.read(report["parts"]))

    def refused(self, expected, message, *more, **places):
        before = self.files(self.path("out"))
        code, report, printed = self.run_twin(*more, **places)
        self.assertEqual(code, expected, report["error"])
        self.assertRegex(report["error"]["message"], message)
        self.assertNotIn("publish_command", report)
        self.assertEqual(self.files(self.path("out")), before)
        return report, printed

    def damage(self, path):
        """Everything between the first bytes and the footer is overwritten, so only a footer can
        be read.
        """
        with open(self.path(path), "r+b") as stream:
            content = stream.read()
            length = int.from_bytes(content[-8:-4], "little")
            stream.seek(4)
            stream.write(b"\xa5" * (len(content) - 12 - length))

    def test_run_LatestPartition_GivesItsIdsAndTheCommand(self):
        code, report, _ = self.run_twin("--report", self.path("r.json"))
        self.assertEqual(code, 0)
        self.assertEqual(report["counts"], {"a_rows": 10, "a_rejected": 0, "a_keys": 10, "rows": 100, "matched_rows": 10, "null_ids": 0,
                                            "total_ids": 10})
        self.assertEqual(self.ids(report), sorted(f"ID20251022-{number}" for number in range(10)))
        self.assertEqual(report["publish_command"], ["publish", "--from", report["parts"], "--id-column", "id", "--output",
                                                     self.path("out"),
                                                     "--partition", "dia=20251022", "--min-ids", "10", "--max-ids", "10"])
        with open(self.path("r.json"), encoding="utf-8") as stream:
            self.assertEqual(json.load(stream), report)
        self.assertEqual(os.listdir(self.path("out")), ["parts"])

    def test_run_OtherPartitionsAndColumns_AreNotRead(self):
        self.damage("b/dia=20251021/part-0.parquet")
        plan = self.path("plan.txt")
        code, report, _ = self.run_twin("--explain", plan)
        self.assertEqual((code, report["counts"]["total_ids"]), (0, 10))
        with open(plan, encoding="utf-8") as stream:
            text = stream.read()
        scan = text[max(0, text.index("dia=20251022") - 2000):]
        self.assertIn("PushedFilters: [IsNotNull(documento)]", scan)
        self.assertIn("ReadSchema: struct<documento:binary,id:binary>", scan)
        self.assertNotIn("dia=20251021", text)
        self.assertNotIn("other", text)
        self.assertEqual(len(re.findall(r"^\(\d+\) Scan parquet.*$", text, re.MULTILINE)), 2, "one scan of A, one of B")
        self.assertIn("BroadcastHashJoin", text)
        self.assertIn("LeftSemi", text)

    def test_run_KeysAboveTheLimit_AreShuffled(self):
        plan = self.path("plan.txt")
        code, report, _ = self.run_twin("--explain", plan, "--broadcast-limit", "100")
        self.assertEqual((code, self.ids(report)), (0, sorted(f"ID20251022-{number}" for number in range(10))))
        with open(plan, encoding="utf-8") as stream:
            text = stream.read()
        self.assertNotIn("Broadcast", text)
        self.assertRegex(text, "hashpartitioning.key")

    def test_run_EncodingsThatTheVectorisedReaderGetsWrong_AreReadRowByRow(self):
        rows = [(document(number) if number % 3 else None, f"v2-{number}") for number in range(100)]
        self.write_frame("b/dia=20251022/part-1.parquet", frame_of(rows, "documento string, id string"),
                         **{"parquet.writer.version": "v2", "parquet.enable.dictionary": "false"})
        plan = self.path("plan.txt")
        code, report, _ = self.run_twin("--explain", plan)
        self.assertEqual(code, 0)
        self.assertEqual(self.ids(report), sorted([f"ID20251022-{number}" for number in range(10)]
                                                  + [f"v2-{number}" for number in range(10) if number % 3]))
        with open(plan, encoding="utf-8") as stream:
            text = stream.read()
        self.assertEqual(sorted(re.findall(r"^Batched: (\w+)$", text, re.MULTILINE)).count("false"), 1)

    def test_run_DamagedFile_IsNamed(self):
        self.damage("b/dia=20251022/part-0.parquet")
        report, printed = self.refused(7, "part-0.parquet is damaged")
        self.assertTrue(report["error"]["file"].endswith("part-0.parquet"))
        self.assertNotIn("Traceback", printed)

    @alone
    def test_run_DamagedFileAmongOthers_IsFoundWithoutItsName(self):
        from unittest import mock

        from pipeline.jobs.common.run import failures
        for number in range(1, 5):
            self.write(f"b/dia=20251022/part-{number}.parquet", [(document(number), f"x{number}")], "documento string, id string")
        self.damage("b/dia=20251022/part-3.parquet")
        with mock.patch.object(failures, "java_chain", lambda error: [("java.lang.Exception", "")]):
            self.refused(7, "part-3.parquet is damaged")

    def test_run_MissingAndDifferentColumns_NameFileAndColumn(self):
        self.write("b/dia=20251022/part-9.parquet", [(1, "x")], "documento bigint, id string")
        report, _ = self.refused(7, "BYTE_ARRAY \\(STRING\\)")
        self.assertEqual((os.path.basename(report["error"]["file"]), report["error"]["column"]), ("part-9.parquet", "documento"))
        report, _ = self.refused(7, "missing", "--id-column", "nothing")
        self.assertEqual(report["error"]["column"], "nothing")

    def test_run_Guards_LeaveNothing(self):
        self.refused(4, "--min-ids", "--min-ids", "11")
        self.refused(4, "--max-ids", "--max-ids", "9")
        self.refused(6, "stale|days old", "--partition", "dia=20251020", "--max-partition-age", "2d")
        self.refused(6, "does not exist", "--partition", "dia=20300101")
        self.refused(2, "--key-width", "--match", "concat", "--key-width", "3")
        self.refused(3, "does not exist", b="nowhere")

    def test_run_TooManyRejectedValues_AreAGuard(self):
        with open(self.path("list.csv"), "w", encoding="utf-8") as stream:
            stream.write("00000000001\nx\n12345678909.0\n")
        report, printed = self.refused(4, "--max-rejected-percent", a="list.csv")
        self.assertIn("not digits 1, float 1", printed)
        code, report, _ = self.run_twin("--max-rejected-percent", "66.7", a="list.csv")
        self.assertEqual((code, report["counts"]["a_rejected"], report["counts"]["a_keys"]), (0, 2, 1))
        self.refused(7, "not CPFs", "--on-bad-cpf", "fail", a="list.csv")

    def test_run_GzippedList_IsRead(self):
        with gzip.open(self.path("list.csv.gz"), "wb") as stream:
            stream.write(b"nome;documento\r\n" + b"".join(b'"a;b";%011d\r\n' % number for number in range(10)))
        code, report, _ = self.run_twin(a="list.csv.gz")
        self.assertEqual((code, report["counts"]["a_rows"], report["counts"]["total_ids"]), (0, 10, 10))

    def test_run_ReferenceOfAPartition_IsAPin(self):
        code, report, _ = self.run_twin(b="b/dia=20251020")
        self.assertEqual((code, report["source_partition"], report["publish_command"][7:9]),
                         (0, "20251020", ["--partition", "dia=20251020"]))
        self.refused(6, "does not exist", b="b/dia=20200101")

    def test_run_TableFormats_AreRefused(self):
        for mark, name in (("b/_delta_log/0.json", "Delta"), ("b/.hoodie/x", "Hudi"), ("b/metadata/v1.metadata.json", "Iceberg"),
                           ("b/dia=20251022/x/_delta_log/0.json", "Delta"),
                           ("b/dia=20251022/.hoodie_partition_metadata", "Hudi"), ("_delta_log/0.json", "Delta")):
            with self.subTest(mark):
                os.makedirs(os.path.dirname(self.path(mark)), exist_ok=True)
                with open(self.path(mark), "w", encoding="utf-8") as stream:
                    stream.write("{}")
                self.refused(3, name)
                os.unlink(self.path(mark))
                while not os.listdir(os.path.dirname(self.path(mark))):
                    mark = os.path.dirname(mark)
                    os.rmdir(self.path(mark))

    def test_run_PartsOfAnotherRun_AreNotWrittenTo(self):
        code, report, _ = self.run_twin("--parts", self.path("parts"))
        self.assertEqual((code, report["parts"]), (0, self.path("parts")))
        before = self.files(self.path("parts"))
        code, report, _ = self.run_twin("--parts", self.path("parts"))
        self.assertEqual((code, self.files(self.path("parts"))), (3, before))

    def test_run_LiteralNames_AreNoPatterns(self):
        strange = self.path("t [a]*{b}%41 \u00e3")
        os.rename(self.path("b"), strange)
        os.rename(os.path.join(strange, "dia=20251022", "part-0.parquet"), os.path.join(strange, "dia=20251022", "x [1]?#{2} +%20.data"))
        code, report, _ = self.run_twin(b=os.path.basename(strange))
        self.assertEqual((code, report["counts"]["total_ids"]), (0, 10))

    @alone
    def test_run_FileThatChangesMeanwhile_IsTemporary(self):
        from unittest import mock
        from pipeline.jobs.extract_ids.scan import query
        real, path = query.extract, self.path("b", "dia=20251022", "part-0.parquet")

        def extract_and_touch(*arguments):
            found = real(*arguments)
            os.utime(path, ns=(1, 1))
            return found
        with mock.patch.object(query, "extract", extract_and_touch):
            self.refused(75, "changed or disappeared")

    @alone
    def test_run_LostPart_IsNotPublished(self):
        from unittest import mock
        from pipeline.jobs.extract_ids import parts
        real = parts.write

        def write_and_lose(frame, place):
            real(frame, place)
            name = max((name for name in os.listdir(place.path) if name.endswith(".parquet")),
                       key=lambda name: os.path.getsize(os.path.join(place.path, name)))
            os.unlink(os.path.join(place.path, name))
        with mock.patch.object(parts, "write", write_and_lose):
            self.refused(5, "hold")
