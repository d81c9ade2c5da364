"""Partition values with their types.

Dates and timestamps share one time line, on which a date is its midnight. Whole numbers have
another. Text has no order.
"""
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_INTEGER = re.compile(r"-?[0-9]+\Z")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_CALENDAR = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?)?\Z")
_EPOCH = datetime(1, 1, 1)

TEXT, INTEGER, CALENDAR = "text", "integer", "calendar"


@dataclass(frozen=True, order=True)
class Value:
    """`kind` and the place on its line: the number itself, or nanoseconds since 0001-01-01."""
    kind: str
    number: int = 0

    @property
    def is_typed(self):
        return self.kind != TEXT

    @property
    def time(self):
        """UTC without a zone; None for other kinds."""
        return _EPOCH + timedelta(microseconds=self.number // 1000) if self.kind == CALENDAR else None


def parse(text):
    """20251022 and 2025-10-22 are dates, 7 and -3 are numbers, 2025-10-22T01:00:00.5 is a
    timestamp, everything else is text.
    """
    match = _COMPACT_DATE.match(text)
    if match:
        return _calendar(*match.groups())
    if _INTEGER.match(text):
        number = int(text) if len(text) < 40 else 1 << 64
        return Value(INTEGER, number) if -(1 << 63) <= number < 1 << 63 else Value(TEXT)
    match = _CALENDAR.match(text)
    return _calendar(*match.groups()) if match else Value(TEXT)


def at(time):
    """The value of a time in UTC without a zone."""
    passed = time - _EPOCH
    return Value(CALENDAR, ((passed.days * 86400 + passed.seconds) * 1_000_000 + passed.microseconds) * 1000)


def _calendar(year, month, day, hour=None, minute=None, second=None, fraction=None):
    try:
        days = date(int(year), int(month), int(day)).toordinal() - 1
    except ValueError:
        return Value(TEXT)
    hour, minute, second = int(hour or 0), int(minute or 0), int(second or 0)
    if hour > 23 or minute > 59 or second > 59:
        return Value(TEXT)
    seconds = days * 86400 + hour * 3600 + minute * 60 + second
    return Value(CALENDAR, seconds * 1_000_000_000 + int((fraction or "0").ljust(9, "0")))


def compare(left, right):
    """Below 0, 0 or above 0; None if the two are not on one line."""
    if not left.is_typed or left.kind != right.kind:
        return None
    return (left.number > right.number) - (left.number < right.number)


_YEAR_AND_MONTH = ("yearmonth", "anomes", "yyyymm")
_YEAR, _MONTH, _DAY = ("year", "ano", "yyyy", "y"), ("month", "mes", "mm", "m"), ("day", "dia", "dd", "d")


def begins_at(keys, values):
    """When a partition begins, UTC, for its age: its first date or timestamp, otherwise columns
    of year, month and day in a row. None if the keys do not say.
    """
    for value in values:
        if value.kind == CALENDAR:
            return value.time
    named = [_last_word(key) for key in keys]
    for start in range(len(values) - 2):
        if named[start] in _YEAR and named[start + 1] in _MONTH and named[start + 2] in _DAY:
            return _date(*(value.number if value.kind == INTEGER else None for value in values[start:start + 3]))
    return None


def earliest(keys, values, counts):
    """The beginning of the time that some keys name, to find times in the future: a date or
    timestamp, otherwise a year, a year and month, or a year, month and day. Of 9999-99 it is the beginning of 9999, of 99999-01 the end
    of time: sentinels need not be dates.

    :param counts: place of a key -> whether it counts
    """
    for place, value in enumerate(values):
        if counts(place) and value.kind == CALENDAR:
            return value.time
    named = [_last_word(key) for key in keys]

    def part(place, names):
        if place >= len(values) or not counts(place) or named[place] not in names:
            return None
        return values[place].number if values[place].kind == INTEGER else None

    for place, value in enumerate(values):
        if not counts(place) or value.kind != INTEGER:
            continue
        if named[place] in _YEAR:
            return _begin(value.number, part(place + 1, _MONTH), part(place + 2, _DAY))
        if keys[place].replace("_", "").lower().endswith(_YEAR_AND_MONTH) and value.number >= 100_000:
            return _begin(value.number // 100, value.number % 100, None)
    return None


def _begin(year, month, day):
    """Of a year, of a month in it, or of a day in that. A month or day that cannot be is left out."""
    if year > datetime.max.year:
        return datetime.max
    month, day = (1, 1) if month is None else (month, 1 if day is None else day)
    return _date(year, month, day) or _date(year, month, 1) or _date(year, 1, 1)


def _last_word(key):
    """A prefix does not matter: event_year is a year."""
    return key[key.rfind("_") + 1:].lower()


def _date(year, month, day):
    try:
        return datetime(year, month, day)
    except (TypeError, ValueError, OverflowError):
        return None
