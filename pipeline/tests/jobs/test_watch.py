"""A damaged page that keeps Spark busy without end: the run ends with the file's name instead.

Each of these runs costs a JVM, so that of the other tests is not used.
"""
import random
import shutil
import unittest

from pipeline.jobs.parquet import pages
from pipeline.jobs.parquet.footer import read_footer
from pipeline.jobs.parquet.thrift import CompactReader, STRUCT
from .background import InBackground
from .spark_support import SparkTestCase, frame_of, seed
from .test_bronze_to_silver import SilverTestCase, record
from .victims import Worker

POLL_SECONDS = 0.4


def start(test, job):
    """A process that runs a job, whose watch looks more often, so that runs of a test end sooner."""
    worker = Worker(job, through=("impatient_watch", POLL_SECONDS))
    test.addCleanup(worker.kill)
    return worker


def footer_of(content):
    return read_footer(lambda offset, length: content[offset:offset + length], len(content), "file")


def damaged_column(content, *names):
    return pages.damaged_column(lambda offset, length: content[offset:offset + length], footer_of(content), names)


def lengthen(path, name):
    """The header of the first page of a column states one byte more than the page holds."""
    with open(path, "rb") as stream:
        content = bytearray(stream.read())
    footer = footer_of(content)
    _, _, start, _ = footer.places([column for column in footer.columns if column.path[0] == name])[0]
    reader = CompactReader(content, start)
    last = 0
    while last != 2:
        last, kind = reader.field(last)
        position = reader.position
        reader.skip(kind)
    assert content[position] & 0x7E < 0x7E, "the number would get longer"
    content[position] += 2
    with open(path, "wb") as stream:
        stream.write(content)


def forget_levels(path, name):
    """The levels of the first page of a column, which is not compressed, are said to be longer than any page."""
    with open(path, "rb") as stream:
        content = bytearray(stream.read())
    footer = footer_of(content)
    reader = CompactReader(content, footer.places([column for column in footer.columns if column.path[0] == name])[0][2])
    reader.skip(STRUCT)
    content[reader.position:reader.position + 4] = b"\xff\xff\xff\x7f"
    with open(path, "wb") as stream:
        stream.write(content)


def lz4_block(generator):
    """(a block of random sequences, its decompressed length)"""
    block, length = bytearray(), 0
    for _ in range(generator.randint(1, 5)):
        literals, match = generator.choice((0, 1, 14, 15, 16, 270, 300)), generator.choice((0, 1, 14, 15, 16, 269, 270, 600))
        block.append(min(literals, 15) << 4 | min(match, 15))
        block += extension(literals) + bytes(literals) + b"\1\0" + extension(match)
        length += literals + match + 4
    return bytes(block) + bytes([0x50]) + bytes(5), length + 5


def extension(length):
    more = bytearray()
    if length >= 15:
        length -= 15
        while length >= 255:
            more.append(255)
            length -= 255
        more.append(length)
    return bytes(more)


class LengthTests(unittest.TestCase):
    def test_lz4Length_randomBlocks_isTheSum(self):
        generator = random.Random(seed())
        for _ in range(500):
            block, length = lz4_block(generator)
            self.assertEqual(length, pages.lz4_length(block))
        for cut in range(len(block)):
            pages.lz4_length(block[:cut])
        self.assertEqual(0, pages.lz4_length(b""))

    def test_snappyLength_isTheStatedOne(self):
        blocks = (b"", b"\x7f", b"\x80\x01", b"\x80\x80\x40x", b"\x00")
        self.assertEqual([0, 127, 128, 1 << 20, 0], [pages.snappy_length(block) for block in blocks])


class ShortPageTests(InBackground, SparkTestCase):
    ROWS = [(f"{number:014d}", f"id{number}") for number in range(500)]
    SCHEMA = "documento string, id string"

    def content(self, path):
        with open(self.path(path), "rb") as stream:
            return stream.read()

    def test_shortColumn_soundAndDamagedFiles(self):
        for name, options in (("v1", {}), ("plain", {"parquet.enable.dictionary": "false"}), ("lz4", {"compression": "lz4raw"}),
                              ("v2", {"parquet.writer.version": "v2"}), ("none", {"compression": "none"}),
                              ("zstd", {"compression": "zstd"})):
            with self.subTest(name):
                self.write_frame(f"{name}.parquet", frame_of(self.ROWS, self.SCHEMA), **options)
                self.assertIsNone(damaged_column(self.content(f"{name}.parquet"), "documento", "id"))
                lengthen(self.path(f"{name}.parquet"), "id")
                expected = None if name in ("none", "zstd") else ("id", pages.SHORT)
                self.assertEqual(expected, damaged_column(self.content(f"{name}.parquet"), "documento", "id"))
                self.assertIsNone(damaged_column(self.content(f"{name}.parquet"), "documento"))

    def test_twin_endlessPage_exit7NamesTheFile(self):
        self.write("a/a.parquet", [("1",)], "documento string")
        plain = {"compression": "none", "parquet.enable.dictionary": "false"}
        readers = (("vectorised", {}, lengthen, "id"), ("levels", plain, forget_levels, None),
                   ("row", {"compression": "lz4raw", "parquet.writer.version": "v2", "parquet.enable.dictionary": "false"}, lengthen, "id"))
        for reader, options, damage, _ in readers:
            self.write_frame(f"{reader}/1.parquet", frame_of(self.ROWS, self.SCHEMA), **options)
            for number in (0, 2):
                shutil.copy(self.path(reader, "1.parquet"), self.path(reader, f"{number}.parquet"))
            damage(self.path(f"{reader}/1.parquet"), "id")
        worker = start(self, "extract_ids")
        for reader, _, _, column in readers:
            with self.subTest(reader):
                # A page that is read for ever would leave the test without a report.
                worker.send("--table-a", self.path("a"), "--table-b", self.path(reader), "--output", self.path("out"))
                report = worker.report()
                self.assertEqual(7, report["exit_code"], report["error"])
                self.assertEqual(("1.parquet", column), (report["error"]["file"].rpartition("/")[2], report["error"].get("column")))
                self.assertNotIn("publish_command", report)


class SilverTests(InBackground, SilverTestCase):
    def test_silver_shortPage_isSetApart(self):
        self.bronze("good.parquet", [record("A", "2025-10-29T00:00:00Z")])
        self.bronze("bad.parquet", [record(f"B{number}", "2025-10-29T00:00:00Z", number) for number in range(50)])
        lengthen(self.path("bronze/bad.parquet"), "Model")
        worker = start(self, "bronze_to_silver")
        worker.send("--source", self.source, "--target", self.target, "--on-bad-file", "quarantine")
        report = worker.report()
        self.assertEqual(0, report["exit_code"], report["error"])
        self.assertEqual((1, 1, 1), tuple(report["counts"][name] for name in ("files_read", "files_bad", "rows_written")))


if __name__ == "__main__":
    unittest.main()
