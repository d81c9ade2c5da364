"""Uploads as CSV that would be read as something else."""
import gzip
import json
import os

from .background import InBackground
from .spark_support import SparkTestCase, run_job
from .test_process_taxi import HEADER, TRIP

FLAG = 6


def trip(flag="N", vendor="1"):
    """A trip; the flag as the file spells it."""
    fields = TRIP.split(",")
    fields[0], fields[FLAG] = vendor, flag
    return ",".join(fields)


class CsvTests(InBackground, SparkTestCase):
    def upload(self, name, content):
        path = self.path("raw", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content)

    def run_taxi(self):
        return run_job("process_taxi", "--source", self.path("raw"), "--target", self.path("taxi"))

    def test_run_FilesThatWouldBeReadAsSomethingElse_AreNamed(self):
        lines = "\n".join([HEADER, *[trip()] * 1500]).encode() + b"\n"
        self.assertGreater(len(lines), 64 << 10)
        short = HEADER.encode() + b"\n" + trip().encode() + b"\n"
        last = HEADER.rpartition(",")[0].encode() + b",note\n"
        cases = {
            "open quote.csv": (last + TRIP.rpartition(",")[0].encode() + b',"x\n' + (trip() + "\n" + trip() + "\n").encode(), "quote"),
            "open quote far.csv.gz": (gzip.compress(lines + b'1,"'), "quote"),
            "text after a quote.csv": (short + trip('"N" or "Y"').encode() + b"\n", ""),
            "latin-1 far.csv": (lines + trip("é").encode("latin-1") + b"\n", "UTF-8"),
            "latin-1.csv": (short + trip("é").encode("latin-1") + b"\n", "UTF-8"),
            "two names.csv": (HEADER.encode() + b",EXTRA,extra\n" + trip().encode() + b",1,2\n", "both"),
            "no names.csv": (trip().encode() + b"\n" + trip().encode() + b"\n", "tpep_pickup_datetime"),
            "semicolons.csv": (short.replace(b",", b";"), "tpep_pickup_datetime"),
        }
        for name, (content, words) in cases.items():
            with self.subTest(name):
                self.upload(name, content)
                code, report, err = self.run_taxi()
                os.unlink(self.path("raw", name))
                self.assertEqual((7, name), (code, os.path.basename((report["error"] or {}).get("file", ""))), report)
                self.assertIn(words, report["error"]["message"])
                self.assertFalse(os.path.exists(self.path("taxi")))
                for value in ("2024-01-15", "Traceback"):
                    self.assertNotIn(value, str(report) + err)

    def test_run_LineEndsOfAnyKind_LoseNoRecord(self):
        header, records = HEADER + ",{},note", [trip(vendor=str(vendor)) + ',"{}",{}' for vendor in (1, 2, 3)]
        records[1] = records[1].replace("2024", "1999")

        def content(first, others, name='"a"', text="b", last=("x", '"y"', "")):
            lines = [record.format(text, field) for record, field in zip(records, last)]
            return (header.format(name) + first + others.join(lines) + others).encode()

        contents = {
            "lf": content("\n", "\n"), "crlf": content("\r\n", "\r\n"), "cr": content("\r", "\r"),
            "lf then crlf": content("\n", "\r\n"), "crlf then lf": content("\r\n", "\n"), "blank lines": content("\n\r\n\n", "\r\n\r\n"),
            "blank lines, cr": content("\r\r", "\r\r"), "no last end": content("\r\n", "\r\n").removesuffix(b"\r\n"),
            "crlf in name, lf": content("\n", "\n", '"a\r\nc"'), "cr in name, lf": content("\n", "\n", '"a\rc"'),
            "lf in name, crlf": content("\r\n", "\r\n", '"a\nc"'), "crlf in name, crlf": content("\r\n", "\r\n", '"a\r\nc"'),
            "mark, crlf in name, lf": b"\xef\xbb\xbf" + content("\n", "\n", '"a\r\nc"'),
            "cr in name, cr": content("\r", "\r", '"a\rc"'), "crlf in field, lf": content("\n", "\n", text="b\r\nb"),
            "quote at the end, cr": content("\r", "\r", last=('"x"', '"y"', '""')),
            "far": content("\r\n", "\n", '"a\r\n' + "c" * 70_000 + '"'),
        }
        for name, data in contents.items():
            self.upload(name + ".csv", data)
            self.upload(name + ".csv.gz", gzip.compress(data))
        code, report, _ = self.run_taxi()
        self.assertEqual(code, 0, report["error"])
        self.assertEqual((report["counts"]["records_read"], report["counts"]["records_quarantined"]), (6 * len(contents), 2 * len(contents)))
        parts = [name for name in self.files(self.path("taxi")) if not os.path.basename(name).startswith(("_", "."))]
        self.assertEqual([sorted(row["VendorID"] for row in self.read(self.path("taxi", part))) for part in parts],
                         [[1, 3]] * (2 * len(contents)))
        name, = self.files(self.path("taxi_quarantine"))
        notes = {row["source_file"]: json.loads(row["record"]).get("note") for row in self.read(self.path("taxi_quarantine", name))}
        self.assertEqual(notes, {name + kind: "y" for name in contents for kind in (".csv", ".csv.gz")})

    def test_run_LineEndsThatSparkCannotTellApart_AreRefused(self):
        record = trip() + ",b"
        cases = {
            "lf in name, cr": (f'{HEADER},"a\nc"\r{record}\r', "CR alone"), "crlf in name, cr": (f'{HEADER},"a\r\nc"\r{record}\r', "CR alone"),
            "cr then lf": (f"{HEADER},a\r{record}\n{record}\n", "number of fields"),
            "lf then cr": (f"{HEADER},a\n{record}\r{record}\r", "number of fields"),
        }
        for name, (content, words) in cases.items():
            with self.subTest(name):
                self.upload("a.csv", content.encode())
                code, report, _ = self.run_taxi()
                self.assertEqual(code, 7, report)
                self.assertIn(words, report["error"]["message"])
