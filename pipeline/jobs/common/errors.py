"""Typed errors. The class of an error decides the exit code of the run."""
import re

# Fewest digits of a document.
_DOCUMENT_DIGITS = 11


class JobError(Exception):
    """A failure with a known reason.

    The message says what happened, where, and what to do. It never holds a value of a row.
    file and column go into the report of the run.
    """

    exit_code = 1

    def __init__(self, message, file=None, column=None):
        super().__init__(message)
        self.message = message
        self.file = file
        self.column = column


class UsageError(JobError):
    """A wrong option."""

    exit_code = 2


class ConfigurationError(JobError):
    """Settings, permissions, something that does not exist, files of another writer."""

    exit_code = 3


class OutOfMemoryError(ConfigurationError):
    """Spark needs more memory than it has."""


class GuardError(JobError):
    """A limit that the user set, or a default one, stopped the run."""

    exit_code = 4


class VerificationError(JobError):
    """What was staged is not what was computed."""

    exit_code = 5


class PartitionError(JobError):
    """A partition or a source without data."""

    exit_code = 6


class InputError(JobError):
    """Bad input data."""

    exit_code = 7


class TemporaryError(JobError):
    """A failure that can pass by itself: running again is the right answer."""

    exit_code = 75


class Terminated(JobError):
    """SIGTERM."""

    exit_code = 143


def masked(text):
    """The text with # for the digits of all that could be a document: what is pasted into the wrong option must not end in a log."""
    def hide(found):
        digits = re.sub("[^0-9]", "", found[0])
        return re.sub("[0-9]", "#", found[0]) if len(digits) >= _DOCUMENT_DIGITS else found[0]
    return re.sub("[0-9][0-9./-]*", hide, text)
