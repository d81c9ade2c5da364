"""The footer reader, without Spark and without another Parquet library."""
import os
import random
import unittest

from pipeline.jobs.parquet.footer import FooterError, is_vectorised, read_footer
from pipeline.jobs.parquet.pages import damaged_column
from pipeline.jobs.parquet.thrift import BINARY, BOOL_TRUE, I32, I64, LIST, STRUCT, CompactReader, ThriftError

from .handmade import chunk, element, file_of, group, items, number, struct, text

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SAMPLES = os.path.join(ROOT, "samples", "b", "ano_mes_dia=20251022")


def footer_of(content, name="f.parquet"):
    return read_footer(lambda offset, length: content[offset:offset + length], len(content), name)


def samples():
    for name in sorted(os.listdir(SAMPLES)):
        if name.endswith(".parquet"):
            with open(os.path.join(SAMPLES, name), "rb") as stream:
                yield name, stream.read()


def mutated(content, generator):
    """A file with a few bytes of its footer changed, removed, inserted or repeated. Its length is right."""
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    footer = bytearray(content[start:-8])
    for _ in range(generator.randint(1, 4)):
        place, length = generator.randrange(len(footer)), generator.randint(0, 9)
        other = generator.randrange(len(footer))
        footer[place:place + length] = generator.choice((
            bytes(generator.randrange(256) for _ in range(length)), b"", b"\xff" * length + footer[place:place + length],
            b"\0" + footer[place:place + length], footer[other:other + 30]))
        footer = footer or bytearray(1)
    return content[:start] + bytes(footer) + len(footer).to_bytes(4, "little") + content[-4:]


class FooterTests(unittest.TestCase):
    def test_readFooter_FilesOfSixWriters_HaveTheirRows(self):
        self.assertEqual(sum(footer_of(content, name).rows for name, content in samples()), 3102)

    def test_readFooter_FilesOfSixWriters_HaveTheirColumnsAndEncodings(self):
        for name, content in samples():
            with self.subTest(name):
                footer = footer_of(content, name)
                columns = [column for column in footer.columns if column.name in ("documento", "id")]
                self.assertEqual([column.physical for column in columns], ["BYTE_ARRAY"] * 2)
                self.assertTrue(all(found.codecs and found.encodings for found in footer.chunks(columns)))

    def test_readFooter_OwnFile_HasWhatWasWritten(self):
        footer = footer_of(file_of())
        self.assertEqual((footer.rows, footer.columns[0].name, footer.columns[0].type_text), (1, "id", "BYTE_ARRAY"))
        found = footer.chunks(footer.columns)
        self.assertEqual((found[0].codecs, found[0].encodings), ({"SNAPPY"}, {"PLAIN", "RLE"}))
        self.assertTrue(is_vectorised(footer.columns, found))

    def test_isVectorised_OtherEncodingsAndBinaryDecimals_AreNot(self):
        for encoding in (5, 6, 7, 9, 42):
            footer = footer_of(file_of(groups=(group([chunk(encodings=(0, encoding))], 1),)))
            self.assertFalse(is_vectorised(footer.columns, footer.chunks(footer.columns)), encoding)
        decimal = element(b"id", (1, I32, number(6)), (3, I32, number(1)), (6, I32, number(5)), (7, I32, number(2)), (8, I32, number(9)))
        footer = footer_of(file_of(columns=(decimal,)))
        self.assertEqual(footer.columns[0].type_text, "BYTE_ARRAY (DECIMAL(9,2))")
        self.assertFalse(is_vectorised(footer.columns, footer.chunks(footer.columns)))

    def test_readFooter_RowsOfTheFile_AreThoseOfItsGroups(self):
        self.assertEqual(footer_of(file_of(groups=(group([chunk()], 1), group([chunk(values=2)], 2)))).rows, 3)
        self.assertEqual(footer_of(file_of(groups=())).rows, 0)

    def test_chunks_WhatContradictsTheSchema_IsRefused(self):
        for made, message in ((chunk(values=3), "3 values for 1 rows"), (chunk(physical=1), "type is not the schema's"),
                              (chunk(path=b"other"), "another column"),
                              (chunk(start=3), "outside"), (chunk(size=1 << 40), "outside"), (chunk(size=-1), "outside"),
                              (chunk(values=-1), "-1 values")):
            with self.subTest(message), self.assertRaisesRegex(FooterError, message):
                footer = footer_of(file_of(groups=(group([made], 1),)))
                footer.chunks(footer.columns)

    def test_chunks_GroupThatSparkWouldSkip_IsRefused(self):
        with self.assertRaisesRegex(FooterError, "middle"):
            footer = footer_of(file_of(groups=(group([chunk()], 1, size=1 << 40),)))
            footer.chunks(footer.columns)

    def test_chunks_GroupWithoutAList_IsRefused(self):
        with self.assertRaisesRegex(FooterError, "row group 0 has no list of chunks"):
            footer = footer_of(file_of(groups=(struct((2, I64, number(8)), (3, I64, number(1))),)))
            footer.chunks(footer.columns)

    def test_places_ColumnThatIsDamaged_IsRefused(self):
        columns = tuple(element(name, (1, I32, number(6)), (3, I32, number(1))) for name in (b"id", b"other"))
        broken = struct((3, STRUCT, struct((5, BINARY, text(b"x")))))
        footer = footer_of(file_of(columns, (group([chunk(), broken], 1),)))
        self.assertEqual(footer.places(footer.columns[:1]), [(footer.columns[0], "SNAPPY", 4, 8)])
        with self.assertRaisesRegex(FooterError, "damaged"):
            footer.places(footer.columns)

    def test_places_ChunkWithoutValues_IsNotRead(self):
        footer = footer_of(file_of(groups=(group([chunk(values=0, size=1 << 60)], 0),)))
        self.assertEqual(footer.places(footer.columns), [])

    def test_readFooter_FieldsOfLaterVersions_AreSkipped(self):
        extra = ((20, STRUCT, struct((1, LIST, items(BOOL_TRUE, [b"\1", b"\2"])), (40, BINARY, text(b"x")))),)
        self.assertEqual(footer_of(file_of(extra=extra)).rows, 1)

    def test_readFooter_EmptyListWithoutType_IsEmpty(self):
        self.assertEqual(footer_of(file_of(extra=((5, LIST, b"\0"),))).rows, 1)

    def test_readFooter_NotParquet_SaysWhy(self):
        for content, message in ((b"", "0 bytes"), (b"PAR1", "4 bytes"), (bytes(20), "does not end with PAR1"),
                                 (file_of()[:-4] + b"PARE", "encrypted"),
                                 (file_of()[:-8] + b"\xff\xff\xff\x7fPAR1", "length is impossible"),
                                 (file_of(extra=((8, STRUCT, struct()),)), "encrypted")):
            with self.subTest(message), self.assertRaisesRegex(FooterError, message):
                footer_of(content)

    def test_readFooter_LongFooter_IsReadInTwoPieces(self):
        columns = tuple(element(b"c%d" % place + b"x" * 200, (1, I32, number(6)), (3, I32, number(1))) for place in range(500))
        content, reads = file_of(columns=columns, groups=()), []

        def read(offset, length):
            reads.append((offset, length))
            return content[offset:offset + length]
        self.assertEqual(len(read_footer(read, len(content), "f").columns), 500)
        self.assertEqual(len(reads), 2)

    def test_readFooter_ChangedBytes_GiveFooterErrorsOnly(self):
        generator = random.Random(3)
        contents = [content for _, content in samples()] + [file_of(), file_of(groups=(group([chunk()], 1), group([chunk(values=2)], 2)))]
        for _ in range(6000):
            content = mutated(generator.choice(contents), generator)
            try:
                footer = footer_of(content)
                flat = [column for column in footer.columns if column.is_flat][:2]
                footer.chunks(generator.choice((flat, footer.columns)))
                names = {column.path[0] for column in footer.columns}
                damaged_column(lambda offset, length: content[offset:offset + length], footer, names)
            except FooterError:
                pass

    def test_compactReader_EndlessValues_AreErrors(self):
        for content in (b"\xff" * 20, b"\x19\xff\xff\xff\xff\x0f", b"\x1c" * 200, b"\x18\xff\xff\xff\xff\xff\x7f"):
            with self.assertRaises(ThriftError):
                CompactReader(content).skip(STRUCT)


if __name__ == "__main__":
    unittest.main()
