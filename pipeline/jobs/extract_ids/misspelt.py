"""Environment variables that look like misspelt options. A guard that is not set by mistake must not go unseen, so they are refused, by the
rules of the engine. Names that resemble no option belong to other programs.
"""
import math

from ..common.errors import UsageError

PREFIX = "IDEXTRACTOR_"
_LONGEST = 64


def variable(option):
    """min-ids -> IDEXTRACTOR_MIN_IDS"""
    return PREFIX + option.replace("-", "_").upper()


def refuse(environment, known):
    """Refuses the first such variable that has a value.

    :param known: names of the variables that are options
    :raises UsageError: names the variable, and the one that it was meant to be
    """
    for name in sorted(environment):
        meant = meant_by(name, known) if environment[name] else None
        if meant:
            raise UsageError(f"The environment variable {name} is not an option; did you mean {meant}?")


def meant_by(name, known):
    """The variable that a name was meant to be; None if it is one, or resembles none."""
    if not name.upper().startswith("ID") or name in known:
        return None
    if not name.upper().startswith(PREFIX):
        return _nearest(name.upper(), known, 2)
    # Names of variables are compared as written, so that one in lower case sets nothing.
    rest, names = name[len(PREFIX):].upper(), [one[len(PREFIX):] for one in known]
    meant = _longer(rest, names) or _nearest(rest, names, max(1, len(rest) // 4)) or _most_alike(rest, names)
    return meant and PREFIX + meant


def _longer(name, names):
    """The shortest name that has all words of another and more: MAX_PARTITION_AGE for PARTITION_AGE."""
    words = set(name.split("_"))
    return min((one for one in names if words <= set(one.split("_"))), key=len, default=None) if "_" in name else None


def _nearest(name, names, most):
    """The nearest name that differs by at most so many changes, or None."""
    distance, found = min(((_changes(name, one), one) for one in names), key=lambda pair: pair[0])
    return found if distance <= most else None


def _most_alike(name, names):
    """The name that shares most words with another, and at least two: MAX_DROP_PERCENT for DROP_PERCENT."""
    words = name.split("_")
    shared = [(sum(any(_is_same(word, other) for other in words) for word in one.split("_")), one) for one in names]
    return min(((-count, len(one), one) for count, one in shared if count >= 2), key=lambda key: key[:2], default=(0, 0, None))[2]


def _is_same(word, other):
    """A word, or the beginning of it: MIN for MINIMUM."""
    return word == other or (min(len(word), len(other)) >= 2 and (word.startswith(other) or other.startswith(word)))


def _changes(one, other):
    """Insertions, deletions, substitutions and swaps of neighbours between two names."""
    if max(len(one), len(other)) > _LONGEST:
        return math.inf
    before, above = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            least = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, above = above, row
    return above[-1]
