"""Chooses among the partitions of a table: the typed tuple of its keys decides which is the latest. Pure, the same for every catalog."""
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cmp_to_key

from ...common.errors import InputError, PartitionError, UsageError
from . import values as typed
from .names import format_pin

UNPARTITIONED = "unpartitioned"
FUTURE = timedelta(days=2)


@dataclass(frozen=True)
class Partition:
    """A partition of a table. `types` is None to go by the texts; a projection knows better."""
    values: tuple
    location: object
    types: tuple = None


@dataclass(frozen=True)
class Table:
    name: str
    location: object
    keys: tuple


@dataclass(frozen=True)
class Candidate:
    """A partition that a run may read. `pin` names it with all its keys, as `publish --partition` takes it."""
    source_partition: str
    location: object
    time: datetime = None
    pin: str = None


@dataclass
class Selection:
    """Candidates, latest first, and (where, reason) of the partitions that have no place among them."""
    table: str
    candidates: list
    skipped: list = field(default_factory=list)
    is_partitioned: bool = True


class PinMatcher:
    """Applies --partition: typed values are compared as such (dia=9 is dia=09), others as text."""

    def __init__(self, table, pin, option):
        self.pinned, previous = {}, -1
        for name, text in pin or ():
            place = _place_of(table.keys, name)
            if place < 0:
                raise PartitionError(f"The pinned partition names a key that {table.name} does not have: '{name}'; "
                                     f"it has {'/'.join(table.keys) or 'no partition keys'}; correct {option}")
            if place <= previous:
                raise UsageError(f"{option} takes each key once and in the order of the table: {'/'.join(table.keys)}")
            self.pinned[place], previous = (text, typed.parse(text)), place

    def value_matches(self, place, text, value):
        if place not in self.pinned:
            return True
        wanted, wanted_value = self.pinned[place]
        return wanted == text or typed.compare(wanted_value, value if value is not None else typed.parse(text)) == 0

    def matches(self, partition):
        return all(place < len(partition.values) and self.value_matches(place, partition.values[place][1], partition.types[place] if partition.types else None)
                   for place in self.pinned)


def _place_of(keys, name):
    if name in keys:
        return keys.index(name)
    return next((place for place, key in enumerate(keys) if key.lower() == name.lower()), -1)


@dataclass
class _Row:
    partition: Partition
    values: tuple

    @property
    def begins_at(self):
        return typed.begins_at([key for key, _ in self.partition.values], self.values)


def select(table, partitions, pin, now, allow_future=False, option="--partition"):
    """Orders what a pin leaves.

    :param table: Table
    :param partitions: Partition, in any order
    :param pin: [(key, value)] that a partition must have; empty for none
    :param now: UTC without a zone
    :param allow_future: take a latest partition of more than two days in the future too
    :raises PartitionError: nothing is left
    :raises InputError: two partitions have equal values, or a key mixes dates with whole numbers
    """
    matcher = PinMatcher(table, pin, option)
    if not table.keys:
        return Selection(table.name, [Candidate(UNPARTITIONED, table.location)], is_partitioned=False)
    skipped, rows = [], []
    for partition in partitions:
        if not matcher.matches(partition):
            continue
        row = _Row(partition, partition.types or tuple(typed.parse(text) for _, text in partition.values))
        reason = _refusal(table, row, matcher)
        if reason:
            skipped.append((str(partition.location), reason))
        else:
            rows.append(row)
    if not rows:
        raise _nothing_left(table, pin, skipped, option)
    _check_kinds(table, rows, matcher)
    rows.sort(key=cmp_to_key(_compare), reverse=True)
    _check_distinct(rows)
    if not allow_future:
        rows = _without_future(table, rows, matcher, now, skipped)
    return Selection(table.name, [_candidate(row) for row in rows], skipped)


def _refusal(table, row, matcher):
    if len(row.values) != len(table.keys):
        return f"has {len(row.values)} of {len(table.keys)} partition keys"
    for place, value in enumerate(row.values):
        key, text = table.keys[place], row.partition.values[place][1]
        if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
            return f"the value of '{key}' holds control characters"
        if not value.is_typed and place not in matcher.pinned:
            return f"the value of '{key}' is neither a date, a timestamp nor a whole number"
    return None


def _check_kinds(table, rows, matcher):
    for place in range(len(table.keys)):
        if place in matcher.pinned:
            continue
        first = rows[0]
        other = next((row for row in rows if row.values[place].kind != first.values[place].kind), None)
        if other:
            raise InputError(f"The partition key '{table.keys[place]}' holds dates in some partitions and other whole numbers in others, so none is the latest: "
                             f"{first.partition.location} and {other.partition.location}; pin the partition with --partition, or move one of them out of the table",
                             file=str(other.partition.location))


def _check_distinct(rows):
    """Two spellings of one value would make the latest partition a matter of chance, and each would hold a part of its rows."""
    for newer, older in zip(rows, rows[1:]):
        spelled_twice = False
        for left, right, (_, one), (_, other) in zip(newer.values, older.values, newer.partition.values, older.partition.values):
            if typed.compare(left, right) not in (0, None):
                break
            if one != other:
                spelled_twice = True
                break
        else:
            spelled_twice = True
        if spelled_twice:
            raise InputError(f"Two partitions have equal values: {newer.partition.location} and {older.partition.location}; merge them, or move one of them out of the table",
                             file=str(older.partition.location))


def _compare(left, right):
    for one, other in zip(left.values, right.values):
        order = typed.compare(one, other)
        if order:
            return order
    one, other = str(left.partition.location), str(right.partition.location)
    return (one > other) - (one < other)


def _without_future(table, rows, matcher, now, skipped):
    """A sentinel such as 99991231 must not block every later run. A pinned date is what the user asked for."""
    kept = []
    for row in rows:
        time, places = row.begins_at
        if time is not None and time - now > FUTURE and not any(place in matcher.pinned for place in places):
            skipped.append((str(row.partition.location), "is more than two days in the future (--allow-future-partition takes it)"))
        else:
            kept.append(row)
    if not kept:
        raise PartitionError(f"Every partition of {table.name} is more than two days in the future; check its values, or take the latest with --allow-future-partition")
    return kept


def _nothing_left(table, pin, skipped, option):
    if skipped:
        return PartitionError(f"No partition of {table.name} has values that tell which is the latest: {len(skipped)} have neither a date, a timestamp nor a whole number in "
                              f"{'/'.join(table.keys)}; text keys have no latest: pin them with {option} {table.keys[0]}=VALUE")
    if pin:
        return PartitionError(f"The pinned partition {'/'.join(f'{key}={value}' for key, value in pin)} does not exist in {table.name}; "
                              f"check {option}, or wait until the partition has been written")
    return PartitionError(f"{table.name} has no partitions; check that it has been written")


def _candidate(row):
    spelled = []
    for place, (key, text) in enumerate(row.partition.values):
        # A date in a form of its own (22-10-2025, from a projection) is written so that a later run can order it.
        if row.partition.types and not typed.parse(text).is_typed and row.values[place].time is not None:
            text = _time_text(row.values[place].time)
        spelled.append((key, text))
    whole = "/".join(f"{key}={text}" for key, text in spelled)
    source = spelled[0][1] if len(spelled) == 1 else whole
    return Candidate(source, row.partition.location, row.begins_at[0], format_pin(spelled))


def _time_text(time):
    if (time.hour, time.minute, time.second, time.microsecond) == (0, 0, 0, 0):
        return f"{time:%Y-%m-%d}" if time.year >= 1000 else f"{time.year:04}-{time:%m-%d}"
    text = f"{time.year:04}-{time:%m-%dT%H:%M:%S}"
    return text + f".{time.microsecond:06}".rstrip("0") if time.microsecond else text


def check_age(selection_table, candidate, limit, now):
    """--max-partition-age: refuses a stale partition. A partition of the future is fresh."""
    if limit is None:
        return
    if candidate.time is None:
        raise UsageError(f"--max-partition-age needs a partition key that is a date, and partition '{candidate.source_partition}' of {selection_table} has none; "
                         "leave the option out for this table")
    age = now - candidate.time
    if age > limit:
        raise PartitionError(f"Partition '{candidate.source_partition}' of {selection_table} is {_age_text(age)} old, the limit is {_age_text(limit)} (--max-partition-age)")


def _age_text(age):
    seconds = age.total_seconds()
    if seconds < 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.4g} hours" if seconds < 2 * 86400 else f"{seconds / 86400:.4g} days"
