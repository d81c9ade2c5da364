"""What all stores offer: list, stat, read a range, write a small file, delete."""
import dataclasses
import datetime

from ..errors import InputError
from .references import Place


@dataclasses.dataclass(frozen=True)
class DataFile:
    """One version of a file.

    name      for messages: the reference as the user wrote it, and the rest of the path
    path      relative to the reference
    place     where it is
    size      bytes
    modified  aware datetime
    version   changes whenever the content does: an ETag in S3, times and size on disk
    """

    name: str
    path: str
    place: Place
    size: int
    modified: datetime.datetime
    version: str

    @property
    def uri(self):
        return self.place.uri

    @property
    def folder(self):
        """Path of the folder relative to the reference, '' for the reference itself."""
        return self.path.rpartition("/")[0]


def is_hidden(path):
    """Whether a component of a relative path begins with _ or a dot."""
    return any(part.startswith(("_", ".")) for part in path.split("/"))


def visible(files, place):
    """Files listed at a place of which no part of the path is hidden.

    The place itself is not, but Spark skips files with such a name: for a place that is one, this raises InputError.
    """
    for file in files:
        if file.place.path == place.path and is_hidden(file.path):
            raise InputError(f"{file.name}: Spark does not read a file whose name begins with _ or a dot; rename it", file=file.name)
    return [file for file in files if not is_hidden(file.path)]


def not_empty(files):
    """Files of more than 0 bytes, in the order of their paths."""
    return sorted((file for file in files if file.size > 0), key=lambda file: file.path.encode("utf-8", "surrogateescape"))


def data(files, place):
    """Data files listed at a place: visible, and not of 0 bytes; in the order of their paths."""
    return not_empty(visible(files, place))


class Stores:
    """The store of each place. S3's client is made when the first s3:// is met."""

    def __init__(self, aws):
        self._aws = aws
        self._local = None
        self._s3 = None

    def of(self, place):
        if place.is_s3:
            if self._s3 is None:
                from .s3 import S3Store
                self._s3 = S3Store(self._aws.s3)
            return self._s3
        if self._local is None:
            from .local import LocalStore
            self._local = LocalStore()
        return self._local

    # The common calls, without naming the store.

    def list(self, place):
        """Every file at or below the place, hidden ones too. Raises ConfigurationError if the place does not exist."""
        return self.of(place).list(place)

    def read(self, file, offset, length):
        """length bytes of this version of the file."""
        return self.of(file.place).read(file, offset, length)

    def current(self, file):
        """The version that the file has now, or None."""
        return self.of(file.place).stat(file.place)

    def write(self, place, content):
        """Replaces a small file in one step."""
        self.of(place).write(place, content)

    def load(self, place):
        """Content of a small file, or None if it does not exist."""
        return self.of(place).load(place)
