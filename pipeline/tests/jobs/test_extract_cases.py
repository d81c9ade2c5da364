"""Every job case through the twin and publish: the engine's exit code, counts and bytes, or a
documented difference.
"""
import gzip
import json
import os
import unittest

from .spark_support import ROOT, SparkTestCase, lanes
from .twin_support import COMMITTED, DEV, DOCUMENT, active, cases, difference, require_engine, start_twin

DOCUMENT_PAGE = os.path.join(ROOT, "docs", "use", "engine-or-twin.md")
COUNTS = ("rows", "matched_rows", "total_ids", "a_rows", "a_rejected", "a_keys")


class CaseTests(SparkTestCase):
    def setUp(self):
        super().setUp()
        require_engine()

    def check_all(self, folder):
        """[(case, None or the documented difference)]. What is wrong is a failed assertion. Two cases are at work at a time, and parts
        of others are published.
        """
        with lanes() as pool:
            started = [(case, pool.submit(self.start, folder, case)) for case in cases(folder)]
            found = []
            for case, running in started:
                with self.subTest(case["name"]):
                    found.append((case, self.check(os.path.join(folder, case["name"]), case, *running.result()())))
        return found

    def start(self, folder, case):
        where = os.path.join(folder, case["name"])
        return start_twin("--table-a", os.path.join(where, "a"), "--table-b", os.path.join(where, "b"), "--output", self.path(case["name"]),
                          *case["args"])

    def check(self, where, case, code, report, printed):
        """None or the documented difference of a case."""
        expected, output = case["expect"], self.path(case["name"])
        self.assertIsNone(DOCUMENT.search(printed.replace(where, "").replace(output, "")), "a document is printed")
        found = difference(report)
        if found and expected["exit_code"] == 0:
            self.assertEqual((code, active(output)), (7, (None, None)))
            return found
        self.assertEqual(code, expected["exit_code"], report["error"])
        text, metadata = active(output)
        if code:
            self.assertIsNone(text)
            for word in expected.get("mentions", ()):
                self.assertIn(word.lower(), json.dumps(report["error"]).lower())
            return None
        self.assertEqual({name: report["counts"][name] for name in COUNTS}, {name: expected[name] for name in COUNTS})
        self.assertEqual(report["counts"]["null_ids"], expected["null_ids_dropped"])
        self.assertEqual(report["source_partition"], expected["partition"])
        with gzip.open(os.path.join(where, "expected.txt.gz")) as stream:
            self.assertEqual(text, stream.read())
        self.assertEqual((metadata["total_ids"], metadata["md5_checksum"], metadata["source_partition"]),
                         (str(expected["total_ids"]), expected["md5"], expected["partition"]))
        return None

    def test_cases_CommittedOnes_AreAsExpected(self):
        for case, found in self.check_all(COMMITTED):
            with self.subTest(case["name"]):
                self.assertEqual(found, tuple(case["difference"]) if "difference" in case else None)

    def test_cases_AllOfThem_DifferAsDocumented(self):
        if not os.path.isdir(DEV):
            self.skipTest("../shared/jobs/dev is absent; the committed cases are run instead")
        differences = {case["name"]: found for case, found in self.check_all(DEV) if found}
        self.assertIn(table_of(differences), read(DOCUMENT_PAGE),
                      f"the list in {os.path.relpath(DOCUMENT_PAGE, ROOT)} is not what the cases show; it is:\n{table_of(differences)}")


def table_of(differences):
    """The list of the documents: what is refused, and how many of the cases show it."""
    lines = ["| the twin refuses (exit 7) | cases that show it |", "|---|---|"]
    for what in sorted({what for what, _ in differences.values()}):
        names = sorted(name for name, (found, _) in differences.items() if found == what)
        lines.append(f"| {DESCRIPTIONS[what]} | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(lines) + "\n"


DESCRIPTIONS = {"BROTLI": "the codec BROTLI",
                "BYTE_STREAM_SPLIT": "the encoding BYTE_STREAM_SPLIT of integers and fixed-length byte arrays",
                "DECIMAL": "decimals of more than 38 digits"}


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as stream:
        return stream.read()


if __name__ == "__main__":
    unittest.main()
