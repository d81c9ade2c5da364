"""Chooses among the partitions of a table: the typed tuple of its keys decides which is the
latest. Pure, the same for every catalog.
"""
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cmp_to_key

from ...common.errors import InputError, PartitionError, UsageError
from . import values as typed
from .names import folded, format_pin

UNPARTITIONED = "unpartitioned"
FUTURE = timedelta(days=2)
IN_THE_FUTURE = "is more than two days in the future (--allow-future-partition allows it)"


@dataclass(frozen=True)
class Partition:
    """A partition of a table. `types` is None to go by the texts; a projection knows better."""
    values: tuple
    location: object
    types: tuple = None


@dataclass(frozen=True)
class Table:
    """`pinned` is the number of first keys whose values the reference itself names. `strays` are
    (where, reason) of what is next to partition folders.
    """
    name: str
    location: object
    keys: tuple
    pinned: int = 0
    strays: tuple = ()


@dataclass(frozen=True)
class Candidate:
    """A partition that a run may read. `pin` names it with all its keys, as `publish
    --partition` takes it.
    """
    source_partition: str
    location: object
    time: datetime = None
    pin: str = None


@dataclass
class Selection:
    """Candidates, latest first, and (where, reason) of the partitions that have no place among them."""
    table: str
    location: object
    candidates: list
    skipped: list = field(default_factory=list)
    is_partitioned: bool = True


class PinMatcher:
    """Applies --partition: typed values are compared as such (dia=9 is dia=09), others as text."""

    def __init__(self, table, pin, option):
        self.pinned, self._by_reference, previous = {}, table.pinned, -1
        for name, text in pin or ():
            place = _place_of(table.keys, name)
            if place < 0:
                raise PartitionError(f"The pinned partition names a key that {table.name} does not have: '{name}'; "
                                     f"it has {'/'.join(table.keys) or 'no partition keys'}; correct {option}")
            if place <= previous:
                raise UsageError(f"{option} takes each key once and in the order of the table: {'/'.join(table.keys)}")
            self.pinned[place], previous = (text, typed.parse(text)), place

    def is_pinned(self, place):
        return place < self._by_reference or place in self.pinned

    def value_matches(self, place, text, value):
        if place not in self.pinned:
            return True
        wanted, wanted_value = self.pinned[place]
        return wanted == text or typed.compare(wanted_value, value if value is not None else typed.parse(text)) == 0

    def matches(self, partition):
        return all(place < len(partition.values) and self.value_matches(place, partition.values[place][1], partition.types[place]
                                                                        if partition.types else None)
                   for place in self.pinned)


def _place_of(keys, name):
    if name in keys:
        return keys.index(name)
    return next((place for place, key in enumerate(keys) if folded(key) == folded(name)), -1)


@dataclass
class _Row:
    partition: Partition
    values: tuple

    @property
    def keys(self):
        return [key for key, _ in self.partition.values]

    def is_later(self, newest, matcher):
        """The partition is in the future by itself, not because pinned keys put it there."""
        def begins_later(counts):
            time = typed.earliest(self.keys, self.values, counts)
            return time is not None and time > newest
        return begins_later(lambda place: True) and not begins_later(matcher.is_pinned)


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
        return Selection(table.name, table.location, [Candidate(UNPARTITIONED, table.location)], is_partitioned=False)
    skipped, rows, newest = list(table.strays), [], now + FUTURE
    for partition in partitions:
        if not matcher.matches(partition):
            continue
        row = _Row(partition, partition.types or tuple(typed.parse(text) for _, text in partition.values))
        reason = _refusal(table, row, matcher) or (IN_THE_FUTURE if not allow_future and row.is_later(newest, matcher) else None)
        if reason:
            skipped.append((str(partition.location), reason))
        else:
            rows.append(row)
    if not rows:
        raise _nothing_left(table, pin, skipped, option)
    _check_kinds(table, rows, matcher)
    rows.sort(key=cmp_to_key(_compare), reverse=True)
    _check_distinct(rows)
    return Selection(table.name, table.location, [_candidate(row) for row in rows], skipped)


def _refusal(table, row, matcher):
    if len(row.values) != len(table.keys):
        return f"has {len(row.values)} of {len(table.keys)} partition keys"
    for place, value in enumerate(row.values):
        key, text = table.keys[place], row.partition.values[place][1]
        if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
            return f"the value of '{key}' holds control characters"
        if not value.is_typed and not matcher.is_pinned(place):
            return f"the value of '{key}' is neither a date, a timestamp nor a whole number"
    return None


def _check_kinds(table, rows, matcher):
    for place in range(len(table.keys)):
        if matcher.is_pinned(place):
            continue
        first = rows[0]
        other = next((row for row in rows if row.values[place].kind != first.values[place].kind), None)
        if other:
            raise InputError(f"The partition key '{table.keys[place]}' holds dates in some partitions and other whole numbers in others, "
                             f"so none is the latest: "
                             f"{first.partition.location} and {other.partition.location}; pin the partition with --partition, or move one "
                             f"of them out of the table",
                             file=str(other.partition.location))


def _check_distinct(rows):
    """Two spellings of one value would make the latest partition a matter of chance, and each
    would hold a part of its rows.
    """
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
            raise InputError(f"Two partitions have equal values: {newer.partition.location} and {older.partition.location}; merge them, "
                             f"or move one of them out of the table",
                             file=str(older.partition.location))


def _compare(left, right):
    for one, other in zip(left.values, right.values):
        order = typed.compare(one, other)
        if order:
            return order
    one, other = str(left.partition.location), str(right.partition.location)
    return (one > other) - (one < other)


def _nothing_left(table, pin, skipped, option):
    skipped = [one for one in skipped if one not in table.strays]
    future = [where for where, reason in skipped if reason == IN_THE_FUTURE]
    if future:
        return PartitionError(f"{table.name} has no partition but {len(future)} that are more than two days in the future, such as "
                              f"{future[0]}; "
                              f"pin one with {option}, or give --allow-future-partition")
    if skipped:
        return PartitionError(f"No partition of {table.name} has values that tell which is the latest: {len(skipped)} have neither a "
                              f"date, a timestamp nor a whole number in "
                              f"{'/'.join(table.keys)}; text keys have no latest: pin them with {option} {table.keys[0]}=VALUE")
    if pin:
        return PartitionError(f"The pinned partition {'/'.join(f'{key}={value}' for key, value in pin)} does not exist in {table.name}; "
                              f"check {option}, or wait until the partition has been written")
    return PartitionError(f"{table.name} has no partitions; check that it has been written")


def _candidate(row):
    whole = "/".join(f"{key}={text}" for key, text in row.partition.values)
    source = row.partition.values[0][1] if len(row.partition.values) == 1 else whole
    return Candidate(source, row.partition.location, typed.begins_at(row.keys, row.values), format_pin(row.partition.values))


def check_age(selection_table, candidate, limit, now):
    """--max-partition-age: refuses a stale partition. A partition of the future is fresh."""
    if limit is None:
        return
    if candidate.time is None:
        raise UsageError(f"--max-partition-age needs a partition key that is a date, and partition '{candidate.source_partition}' of "
                         f"{selection_table} has none; "
                         "leave the option out for this table")
    age = now - candidate.time
    if age > limit:
        raise PartitionError(f"Partition '{candidate.source_partition}' of {selection_table} is {_age_text(age)} old, the limit is "
                             f"{_age_text(limit)} (--max-partition-age)")


def _age_text(age):
    seconds = age.total_seconds()
    if seconds < 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.4g} hours" if seconds < 2 * 86400 else f"{seconds / 86400:.4g} days"
