"""Dates of partition projections: Java's patterns, as far as partition values use them, and
times relative to now.
"""
import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_VALUES = 1 << 20
_MAX_UNITS = 1_000_000
_UNITS = {"YEAR": None, "MONTH": None, "WEEK": timedelta(weeks=1), "DAY": timedelta(days=1), "HOUR": timedelta(hours=1),
          "MINUTE": timedelta(minutes=1),
          "SECOND": timedelta(seconds=1), "MILLI": timedelta(milliseconds=1)}
_RELATIVE = re.compile(r"\s*NOW\s*(?:([+-])\s*([0-9]+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?\s*)?\Z")
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_LONGEST = {"y": 4, "u": 4, "M": 4, "L": 4, "d": 2, "H": 2, "m": 2, "s": 2, "D": 3, "S": 7}
_PRECISIONS = ("year", "month", "day", "hour", "minute", "second", "fraction")
_PRECISION_OF = {"y": 0, "u": 0, "M": 1, "L": 1, "d": 2, "D": 2, "H": 3, "m": 4, "s": 5, "S": 6}


def unit_of(name):
    """'DAY' for DAYS or day; None if there is no such unit."""
    name = name.strip().upper()
    name = name[:-1] if name.endswith("S") else name
    return name if name in _UNITS else None


@dataclass(frozen=True)
class Step:
    """An interval of time, such as 3 DAY."""
    count: int
    unit: str

    def after(self, time):
        """The time that is one interval later; None if that is beyond the calendar."""
        try:
            if _UNITS[self.unit]:
                return time + self.count * _UNITS[self.unit]
            months = time.year * 12 + time.month - 1 + self.count * (12 if self.unit == "YEAR" else 1)
            year, month = divmod(months, 12)
            return time.replace(year=year, month=month + 1, day=min(time.day, calendar.monthrange(year, month + 1)[1]))
        except (OverflowError, ValueError, calendar.IllegalMonthError):
            return None


def from_now(text, now):
    """NOW, NOW-3YEARS, NOW + 1 MONTH; None if the text is none of these. A time beyond the
    calendar is its end.
    """
    match = _RELATIVE.match(text)
    if not match:
        return None
    sign, count, unit = match.groups()
    if not count:
        return now
    if len(count) > 9 or int(count) > _MAX_UNITS:
        return None
    return Step(int(sign + count), unit).after(now) or datetime.max


class DatePattern:
    """A pattern of Java's DateTimeFormatter: y u M L d D H m s S, quoted text, and everything
    that is not a letter. Names of months are English.
    """

    def __init__(self, parts):
        self._parts = parts
        self._rank = max(_PRECISION_OF[letter] for letter, _ in parts if letter in _PRECISION_OF)

    @property
    def precision(self):
        """The smallest unit that the pattern writes."""
        return _PRECISIONS[self._rank]

    @staticmethod
    def parse(pattern):
        """None if it has letters that are not supported, or no year."""
        parts = []
        for match in re.finditer(r"'((?:[^']|'')*)'|([A-Za-z])\2*|(.)", pattern, re.DOTALL):
            if match.group(1) is not None:
                parts.append(("'", match.group(1).replace("''", "'") or "'"))
            elif match.group(2):
                if len(match.group()) > _LONGEST.get(match.group(2), 0):
                    return None
                parts.append((match.group(2), len(match.group())))
            elif match.group(3) in "[]{}#'":
                return None
            else:
                parts.append(("'", match.group(3)))
        return DatePattern(parts) if any(letter in "yu" for letter, _ in parts) else None

    def write(self, time):
        return "".join(self._write(letter, count, time) for letter, count in self._parts)

    @staticmethod
    def _write(letter, count, time):
        if letter == "'":
            return count
        if letter in "ML" and count > 2:
            return _MONTHS[time.month - 1][:3] if count == 3 else _MONTHS[time.month - 1]
        if letter == "S":
            return f"{time.microsecond:06}0"[:count]
        number = {"y": time.year, "u": time.year, "M": time.month, "L": time.month, "d": time.day, "D": time.timetuple().tm_yday,
                  "H": time.hour, "m": time.minute, "s": time.second}[letter]
        return str(number % 100 if letter in "yu" and count == 2 else number).rjust(count, "0")

    def read(self, text):
        """The time; None if the text is not written so. What the pattern does not write is the
        first of its kind.
        """
        pattern = ""
        for place, (letter, count) in enumerate(self._parts):
            following = self._parts[place + 1] if place + 1 < len(self._parts) else ("'", "")
            digits_follow = following[0] != "'" and not (following[0] in "ML" and following[1] > 2)
            if letter == "'":
                pattern += re.escape(count)
            elif letter in "ML" and count > 2:
                pattern += "(" + "|".join(name[:3] if count == 3 else name for name in _MONTHS) + ")"
            else:
                pattern += f"([0-9]{{{count},{count if count > 1 or digits_follow else _LONGEST[letter]}}})"
        match = re.fullmatch(pattern, text)
        return self._make(match.groups()) if match else None

    def _make(self, groups):
        fields = {"y": 1, "M": 1, "d": 1, "H": 0, "m": 0, "s": 0, "S": 0}
        ordinal, found = None, iter(groups)
        for letter, count in self._parts:
            if letter == "'":
                continue
            digits = next(found)
            if letter in "ML" and count > 2:
                fields["M"] = 1 + next(place for place, name in enumerate(_MONTHS) if name.startswith(digits))
            elif letter == "S":
                fields["S"] = int(digits.ljust(6, "0")[:6])
            elif letter == "D":
                ordinal = int(digits)
            else:
                fields[{"u": "y", "L": "M"}.get(letter, letter)] = int(digits) + (2000 if letter in "yu" and count == 2 else 0)
        try:
            time = datetime(fields["y"], fields["M"], fields["d"], fields["H"], fields["m"], fields["s"], fields["S"])
            if ordinal is None:
                return time
            if not 1 <= ordinal <= (366 if calendar.isleap(time.year) else 365):
                return None
            return time.replace(month=1, day=1) + timedelta(days=ordinal - 1)
        except ValueError:
            return None

    def floor(self, time):
        """Drops what the pattern does not write, so a value is the beginning of its time."""
        first = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0}
        return time.replace(**{unit: value for rank, (unit, value) in enumerate(first.items(), 1) if rank > self._rank})
