"""Cleaning of Table A and lists of CPFs, without Spark."""
import gzip
import random
import re
import unittest

from pipeline.jobs.common.errors import InputError
from pipeline.jobs.extract_ids.keys import rules
from pipeline.jobs.extract_ids.keys.lists import ListParser, decompress, is_list

CPF = {("-", 2), (".", 5), (".", 8)}
CNPJ = {("-", 2), ("/", 6), (".", 9), (".", 12)}


def reference_clean(text, width=14):
    """The rules in words, character by character: (key, reason)."""
    value = text.strip(" \t")
    if value == "":
        return None, rules.EMPTY
    digits = [c for c in value if c in "0123456789"]
    marks, seen = [], 0
    for place in range(len(value) - 1, -1, -1):
        if value[place] in "0123456789":
            seen += 1
        else:
            marks.append((value[place], seen))
    marks_ok = (set(marks) <= CPF or set(marks) <= CNPJ) and len(marks) == len(set(marks)) and value[0] in "0123456789"
    if re.fullmatch(r"[+-]?([0-9]+[.,][0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+", value):
        return None, rules.FLOAT
    if any(c not in "0123456789./-" for c in value) or value[0] == "-":
        return None, rules.NOT_DIGITS
    if not marks_ok:
        return None, rules.PUNCTUATION
    if len(digits) > width:
        return None, rules.TOO_LONG
    return "".join(digits).rjust(width, "0").encode(), None


class CleanerTests(unittest.TestCase):
    def check(self, text, key, reason=None, **settings):
        with self.subTest(text):
            self.assertEqual(rules.Cleaner(**settings).clean(text if text is None or isinstance(text, bytes) else text.encode()),
                             (key, reason))

    def test_clean_KnownForms_GiveTheKey(self):
        for text in ("12345678909", "123.456.789-09", " 123.456.789-09\t", "123456789-09", "0012345678909", "123.456.78909"):
            self.check(text, b"00012345678909")
        self.check("12.345.678/0001-95", b"12345678000195")
        self.check("345.678/0001-95", b"00345678000195")
        self.check("6.789-09", b"00000000678909")
        self.check("1", b"00000000000001")
        self.check("1", b"00000000001", width=11)

    def test_clean_BadForms_GiveTheReason(self):
        for text in ("12345678909.0", "1.2E+10", "1.2345678909E10", "1e5", "12345.67890", ".5", "5.", "-1.5", "+1.0", "123,45"):
            self.check(text, None, rules.FLOAT)
        for text in ("1.2.3", "12-3", "12345678909-", "123.456.789/09", "1..234-56", "12.345.678.901-23", "/", ".", "12.345.678-0001/95"):
            self.check(text, None, rules.PUNCTUATION)
        for text in ("abc", "1234567890a", "\uff11\uff12", "\u0661", "1\x00", "12345678909\n", "\n12345678909", "12345\u00a0",
                     "+12345678909", "-12", "-", "1 2", b"\xff1"):
            self.check(text, None, rules.NOT_DIGITS)
        for text in ("", " ", "\t \t", None):
            self.check(text, None, rules.EMPTY)
        self.check("000000000000001", None, rules.TOO_LONG)
        self.check("123456789012", None, rules.TOO_LONG, width=11)

    def test_clean_Concat_KeepsTheValue(self):
        self.check("123.456", b"000123.456", match="concat")
        self.check("", b"000", match="concat")
        self.check(b"\xff\n", b"000\xff\n", match="concat")
        self.check(None, None, rules.EMPTY, match="concat")

    def test_clean_RandomTexts_AreAsInTheReference(self):
        seed = 5
        print(f"seed {seed}")
        generator = random.Random(seed)
        cleaner = rules.Cleaner()
        for _ in range(20_000):
            digits = "".join(generator.choices("0123456789", k=generator.randint(0, 16)))
            text = list(digits)
            for mark, place in generator.sample(sorted(CPF | CNPJ | {(".", 1), (".", 3), ("/", 2), ("e", 2), (" ", 0), ("-", 11)}),
                                                k=generator.randint(0, 4)):
                if place <= len(digits):
                    text.insert(max(0, len(text) - place - generator.randint(0, 1) * 0), mark)
            text = "".join(text)
            self.assertEqual(cleaner.clean(text.encode()), reference_clean(text), text)


def parse(content, key_column="documento", pieces=None):
    parser = ListParser("list.csv", key_column)
    step = pieces or len(content) or 1
    return list(parser.values(content[start:start + step] for start in range(0, len(content), step)))


class ListTests(unittest.TestCase):
    def test_isList_Extensions_InAnyCase(self):
        self.assertTrue(all(map(is_list, ("a.csv", "a.TXT", "s3://b/a.csv.gz", "a.txt.GZ"))))
        self.assertFalse(any(map(is_list, ("a", "a.gz", "a.parquet", "a.csv/"))))

    def test_values_Layouts_AreFound(self):
        for content, expected in (
                (b"1\n2\n", [b"1", b"2"]), (b"1\r\n\r\n2", [b"1", b"2"]), (b"documento\n1\n", [b"1"]),
                (b"\xef\xbb\xbfDOCUMENTO\n1", [b"1"]),
                (b"\xef\xbb\xbf1\n", [b"1"]), (b"id;documento\n9;1\n8;2\n", [b"1", b"2"]), (b"id|Documento |x\n9| 1|\n", [b" 1"]),
                (b'"documento","n"\n"1","a""b"\n', [b"1"]), (b'n,documento\n"a\nb",1\n', [b"1"]), (b'"1" \n2\n', [b"1", b"2"]),
                (b'documento,DOCUMENTO\n1,2\n', [b"1"]),
                (b"", []), (b"\n\n", []), (b"documento\n", []), (b"\xff\n1", [b"\xff", b"1"]), (b"1\r2\r\r3", [b"1", b"2", b"3"]),
                (b"1\n2\r3\n", [b"1", b"2\r3"]), (b"sep=;\nid;documento\n9;1\n", [b"1"]), (b"SEP=|\ndocumento\n1\n", [b"1"]),
                (b"documento,x\r1,2\r3,4", [b"1", b"3"])):
            for pieces in (None, 1, 2, 3):
                with self.subTest(content=content, pieces=pieces):
                    self.assertEqual(parse(content, pieces=pieces), expected)

    def test_values_HeaderInAnotherCase_IsFoundAsInTheEngine(self):
        for content, column, expected in (("\u00b5;x\n1;2\n", "\u03bc", [b"1"]), ("CART\u00c3O\n1\n", "cart\u00e3o", [b"1"]),
                                          ("\u212aey\n1\n", "key", ["\u212aey".encode(), b"1"])):
            with self.subTest(content):
                self.assertEqual(expected, parse(content.encode(), column))
        with self.assertRaisesRegex(InputError, "does not name"):
            parse("\u212aey;x\n1;2\n".encode(), "key")

    def test_values_BadLists_NameTheLine(self):
        for content, message in ((b"a,b\n1,2\n", "does not name"), (b"documento,x\n1\n", "line 2"), (b'documento,x\n"1,2\n', "not closed"),
                                 (b'documento,x\n1,2\n"1"a,2\n', "line 3"),
                                 (b"\xff\xfe1\x00", "UTF-16"), (b"\x1f\x8b\x08", "gzipped"), (b"PK\x03\x04", "Excel"),
                                 (b"PAR1\x15", "Parquet"), (b"Documento,DOCUMENTO\n1,2\n", "Two columns"),
                                 (b"x" * (1 << 20) + b"yy\n", "longer")):
            for pieces in (None, 1 << 16, 7):
                with self.subTest(message=message, pieces=pieces), self.assertRaisesRegex(InputError, message):
                    parse(content, pieces=pieces if len(content) > 100 or pieces == 7 else pieces)

    def test_values_AnyPieces_GiveTheSame(self):
        seed = 11
        print(f"seed {seed}")
        generator = random.Random(seed)
        for _ in range(500):
            content = b"documento,n\n" + bytes(generator.choices(b'12",\n\r', k=generator.randint(0, 30)))
            outcomes = set()
            for pieces in (1, 3, 64):
                try:
                    outcomes.add(tuple(parse(content, pieces=pieces)))
                except InputError as error:
                    outcomes.add(error.message)
            self.assertEqual(len(outcomes), 1, content)

    def test_decompress_MembersAndCuts_AreTold(self):
        text = gzip.compress(b"1\n") + gzip.compress(b"2\n")
        for step in (1, 5, 1000):
            self.assertEqual(b"".join(decompress((text[start:start + step] for start in range(0, len(text), step)), "l")), b"1\n2\n")
        for bad in (text[:-1], text[:25], text + b"x", b"x", text[:-8] + b"\0" * 8):
            with self.assertRaisesRegex(InputError, "damaged or cut"):
                list(decompress([bad], "l"))


if __name__ == "__main__":
    unittest.main()
