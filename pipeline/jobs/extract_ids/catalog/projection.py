"""Partition projection: the partitions that a table's properties describe, as Athena reads them.
Storage alone says which of them hold data.
"""
import re
from itertools import product

from ...common.errors import ConfigurationError, PartitionError
from . import values as typed
from .choice import FUTURE, Partition, PinMatcher, Table
from .dates import MAX_VALUES, DatePattern, Step, from_now, unit_of
from .names import folded, has_hidden_part

MAX_FOUND = 32
MAX_TRIED = 1 << 22
MAX_FOLDERS = 100_000
_ESCAPED = "\"#%'*/:=?\\{[]^\x7f"


def _find(properties, name):
    return properties.get(name, next((text for key, text in properties.items() if folded(key) == folded(name)), None))


def is_enabled(properties):
    return (_find(properties, "projection.enabled") or "").strip().lower() == "true"


def projected_partitions(name, keys, properties, location, open_location, pin, now, option="--partition"):
    """Partitions with data, latest first, at most MAX_FOUND: those that --on-empty-partition
    previous may go back to.

    Folders are listed level by level, each once, so a projection that runs years ahead of its data
    costs no requests for them.
    """
    settings = _Settings(name, properties)
    columns = [settings.column(key, now) for key in keys]
    root, template = settings.template(keys, location)
    base = open_location(root)
    matcher, choices = PinMatcher(Table(name, base, keys), pin, option), []
    for place, column in enumerate(columns):
        chosen = [value for value in column if matcher.value_matches(place, *value)] if place in matcher.pinned else [value
                for value in column if value[1].is_typed]
        if not chosen and column and place not in matcher.pinned:
            raise PartitionError(f"The partition key '{keys[place]}' of {name} is text and has no latest value; pin it with {option} "
                                 f"{keys[place]}=VALUE")
        choices.append(chosen)
    listed, found = {}, 0
    for tried, chosen in enumerate(product(*choices)):
        if tried == MAX_TRIED:
            raise PartitionError(f"None of the {MAX_TRIED} newest projected partitions of {name} holds data; narrow the projection's "
                                 f"ranges, or pin the partition with {option}")
        folder = template([text for text, _ in chosen])
        if not _exists(base, folder, listed):
            continue
        place = base
        for part in folder.rstrip("/").split("/"):
            place = place.child(part) if part else place
        if not any(file.size and not has_hidden_part(file.path) for file in place.files()):
            continue
        types = tuple(value for _, value in chosen)
        yield Partition(tuple(zip(keys, (text for text, _ in chosen))), place, types)
        # Those in the future may all be skipped afterwards.
        time = typed.earliest(keys, types, lambda key: True)
        found += time is None or time <= now + FUTURE
        if found == MAX_FOUND:
            return


def _exists(base, folder, listed):
    place, path = base, ""
    for part in folder.rstrip("/").split("/"):
        if not part:
            continue
        if path not in listed:
            listed[path] = set(place.folders())
            if len(listed[path]) > MAX_FOLDERS:
                raise ConfigurationError(f"{place} holds more than {MAX_FOLDERS} folders; name the partition's own folder instead of "
                                         f"glue://", file=str(place))
        if part not in listed[path]:
            return False
        place, path = place.child(part), f"{path}{part}/"
    return True


class _Settings:
    """Reads the properties `projection.KEY.*`."""

    def __init__(self, table, properties):
        self.table, self.properties = table, properties

    def text(self, key, setting):
        return _find(self.properties, f"projection.{key}.{setting}")

    def wrong(self, property_name, expected, found):
        return ConfigurationError(f"The property {property_name} of {self.table} is {'missing' if found is None else repr(found)}, "
                                  f"expected {expected}; correct the table's properties",
                                  file=self.table, column=property_name)

    def column(self, key, now):
        """[(text, Value)], latest first where values have an order."""
        kind = (self.text(key, "type") or "").strip().lower()
        if kind == "injected":
            raise ConfigurationError(f"The partition key '{key}' of {self.table} is injected by each query and has no latest value; "
                                     "name the folder of the table itself instead of glue://", file=self.table, column=key)
        if kind not in ("enum", "integer", "date"):
            raise self.wrong(f"projection.{key}.type", "date, integer or enum", self.text(key, "type"))
        found = getattr(self, f"_{kind}")(key, now)
        if found is None:
            raise ConfigurationError(f"The projection of '{key}' of {self.table} has more than {MAX_VALUES} values; narrow its range or "
                                     f"widen its interval", file=self.table, column=key)
        return found

    def _enum(self, key, now):
        text = self.text(key, "values")
        if not text:
            raise self.wrong(f"projection.{key}.values", "values with commas between", text)
        values = [(value, typed.parse(value)) for value in dict.fromkeys(text.split(","))]
        return _latest_first(values) if len(values) <= MAX_VALUES else None

    def _integer(self, key, now):
        text = self.text(key, "range")
        bounds = [_number(part) for part in (text or "").split(",")]
        if len(bounds) != 2 or None in bounds or bounds[0] > bounds[1]:
            raise self.wrong(f"projection.{key}.range", "two whole numbers with a comma between, the least first", text)
        interval, digits = self._count(key, "interval", (1 << 63) - 1) or 1, self._count(key, "digits", 64) or 0
        if (bounds[1] - bounds[0]) // interval >= MAX_VALUES:
            return None
        texts = ("-" * (number < 0) + str(abs(number)).rjust(digits, "0") for number in range(bounds[0], bounds[1] + 1, interval))
        return _latest_first([(text, typed.parse(text)) for text in texts])

    def _date(self, key, now):
        form = self.text(key, "format")
        pattern = DatePattern.parse(form) if form else None
        if pattern is None:
            raise self.wrong(f"projection.{key}.format",
                             "a date pattern of years, months, days, hours, minutes and seconds in numbers, as yyyy-MM-dd", form)
        text = self.text(key, "range")
        bounds = [from_now(part, now) or pattern.read(part) or pattern.read(part.strip()) for part in (text or "").split(",")]
        if len(bounds) != 2 or None in bounds:
            raise self.wrong(f"projection.{key}.range", f"two dates as {form} or NOW+-N UNITS, with a comma between", text)
        step, values = self._step(key, pattern), []
        time, end = pattern.floor(bounds[0]), pattern.floor(bounds[1])
        while time is not None and time <= end:
            if len(values) == MAX_VALUES:
                return None
            written = pattern.write(time)
            if not values or values[-1][0] != written:
                values.append((written, typed.at(pattern.floor(time))))
            time = step.after(time)
        return values[::-1]

    def _step(self, key, pattern):
        """Days and months need no interval."""
        name, count = self.text(key, "interval.unit"), self._count(key, "interval", (1 << 31) - 1)
        unit = unit_of(name) if name is not None else None
        if name is not None and unit is None:
            raise self.wrong(f"projection.{key}.interval.unit", "YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS or MILLIS", name)
        own = {"day": "DAY", "month": "MONTH"}.get(pattern.precision)
        if not unit and not own:
            raise self.wrong(f"projection.{key}.interval.unit", "a unit, since the dates are neither days nor months", None)
        if count is None and not own:
            raise self.wrong(f"projection.{key}.interval", "a whole number from 1, since the dates are neither days nor months", None)
        return Step(count or 1, unit or own)

    def _count(self, key, setting, most):
        text = self.text(key, setting)
        if text is None:
            return None
        count = _number(text)
        if count is None or not 1 <= count <= most:
            raise self.wrong(f"projection.{key}.{setting}", f"a whole number from 1 to {most}", text)
        return count

    def template(self, keys, location):
        """(root, function of the values' texts -> folder below the root)."""
        text = _find(self.properties, "storage.location.template")
        if not text:
            root = location if location.endswith("/") else location + "/"
            return root, lambda texts: "".join(f"{_escape(key)}={_escape(value)}/" for key, value in zip(keys, texts))
        places = {folded(key): place for place, key in enumerate(keys)}
        parts = re.split(r"\$\{([^}]*)\}", text)
        used = [places.get(folded(part)) for part in parts[1::2]]
        root = parts[0][:parts[0].rfind("/") + 1]
        problem = ("it names a key that the table does not have" if None in used or "${" in "".join(parts[::2])
                   else "it does not name every partition key" if len(set(used)) < len(keys)
                   else "it has no bucket before the first key" if "://" not in root or len(root) <= root.index("://") + 3 else None)
        if problem:
            raise self.wrong("storage.location.template", f"a folder with each partition key as ${{key}} ({problem})", text)

        def folder(texts):
            path = parts[0][len(root):] + "".join(texts[place] + literal for place, literal in zip(used, parts[2::2]))
            return path if not path or path.endswith("/") else path + "/"
        return root, folder


def _number(text):
    text = text.strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,19}", text) and -(1 << 63) <= int(text) < 1 << 63 else None


def _escape(text):
    return "".join(f"%{ord(c):02X}" if c < " " or c in _ESCAPED else c for c in text)


def _latest_first(values):
    """Those without an order stay behind the others, as they came."""
    ordered = [value for value in values if value[1].is_typed]
    return sorted(ordered, key=lambda value: (value[1].kind == typed.CALENDAR, value[1].number), reverse=True) + [value
            for value in values if not value[1].is_typed]
