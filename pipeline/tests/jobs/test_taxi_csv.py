"""Uploads as CSV that would be read as something else."""
import gzip
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
