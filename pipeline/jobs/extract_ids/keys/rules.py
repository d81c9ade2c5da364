"""How a value of Table A becomes a key, or why it is rejected.

The patterns are shared by the driver (lists of CPFs) and by Spark (tables), so both accept the same
values. They use nothing that Python's and Java's syntax disagree about.
"""
import re

EMPTY, NOT_DIGITS, FLOAT, PUNCTUATION, TOO_LONG = "empty", "not digits", "float", "punctuation", "too long"
REASONS = (EMPTY, NOT_DIGITS, FLOAT, PUNCTUATION, TOO_LONG)
PREFIX = "000"
MAX_KEY_WIDTH = 64

BLANK = r"[ \t]*"
# . - / count only where ddd.ddd.ddd-dd and dd.ddd.ddd/dddd-dd have them, counted from the right.
# Each may be missing, and so may leading digits.
_CPF = r"[0-9]{1,2}|[0-9]{1,3}-?[0-9]{2}|[0-9]{1,3}\.?[0-9]{3}-?[0-9]{2}|[0-9]+\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"
_CNPJ = (r"[0-9]{1,4}-?[0-9]{2}|[0-9]{1,3}/?[0-9]{4}-?[0-9]{2}|[0-9]{1,3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}"
         r"|[0-9]+\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}")
DOCUMENT = f"^{BLANK}(?:{_CPF}|{_CNPJ}){BLANK}$"
# One point or comma and nothing else between digits is a decimal number, wherever it is; so is an exponent.
NUMBER = f"^{BLANK}[+-]?(?:[0-9]+[.,][0-9]*|[.,][0-9]+|[0-9]+(?=[eE]))(?:[eE][+-]?[0-9]+)?{BLANK}$"
PUNCTUATED = f"^{BLANK}[0-9./][0-9./-]*{BLANK}$"
BLANKS = f"^{BLANK}$"
# Java's $ also matches before a final line end, and Python's too: a value with one is not digits.
LINE_END = "[\\n\\r\\u0085\\u2028\\u2029]"

_document, _number, _punctuated, _blanks, _line_end = (re.compile(pattern) for pattern in (DOCUMENT, NUMBER, PUNCTUATED, BLANKS, LINE_END))


class Cleaner:
    """Makes keys on the driver, from the fields of a list.

    :param match: 'pad' or 'concat'
    :param width: digits of a key under 'pad', 1 to 64
    """

    def __init__(self, match="pad", width=14):
        self.match, self.width = match, width

    def clean(self, value):
        """(key, None) or (None, reason); bytes in, bytes out. Bytes that are not UTF-8 are not digits."""
        if value is None:
            return None, EMPTY
        if self.match == "concat":
            return PREFIX.encode() + value, None
        text = value.decode("latin-1")
        if _line_end.search(text):
            return None, NOT_DIGITS
        if _blanks.search(text):
            return None, EMPTY
        if _number.search(text):
            return None, FLOAT
        if not _document.search(text):
            return None, PUNCTUATION if _punctuated.search(text) else NOT_DIGITS
        digits = re.sub("[^0-9]", "", text)
        if len(digits) > self.width:
            return None, TOO_LONG
        return digits.rjust(self.width, "0").encode(), None
