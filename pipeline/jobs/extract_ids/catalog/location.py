"""A folder in a store: what the steps before Spark need to see of it."""
import contextlib
import errno
import os
import stat

from ...common.errors import ConfigurationError, InputError, TemporaryError
from ...common.read.aws import aws_errors
from ...common.read.references import Place
from ...common.read.stores import is_hidden

# What Hadoop's older connectors put into S3 where a folder is.
FOLDER_MARK = "_$folder$"


@contextlib.contextmanager
def circles_refused():
    """Links in a circle end a run with 3, as in the engine."""
    try:
        yield
    except (InputError, TemporaryError) as error:
        if isinstance(error, TemporaryError) and getattr(error.__cause__, "errno", None) != errno.ELOOP:
            raise
        raise ConfigurationError(f"{error.message}; remove the link, or correct what it names", file=error.file) from error


def refuse_special(path):
    """Refuses what has no size and would look like an empty file. A hidden name is skipped.

    :raises ConfigurationError: it is a pipe, a socket or a device
    """
    try:
        mode = os.stat(path).st_mode
    except OSError:  # It has disappeared, or is a dangling link, which the listing refuses.
        return
    if not (is_hidden(os.path.basename(path)) or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise ConfigurationError(f"{path} is a pipe, a socket or a device, not a file; name a regular file, or take it out of the folder",
                                 file=path)


class Location:
    """A folder on disk or a prefix in S3. Its text is what messages call it."""

    def __init__(self, stores, place):
        self.stores, self.place = stores, place

    def __str__(self):
        return self.place.text

    def child(self, name):
        return Location(self.stores, self.place.child(name))

    def above(self):
        """Folders above this one, the innermost first; then those of the folder that a link leads to."""
        yield from self._climb(self.place.path)
        if not self.place.is_s3 and os.path.realpath(self.place.path) != self.place.path:
            real = os.path.realpath(self.place.path)
            yield Location(self.stores, Place(real, "", real))
            yield from self._climb(real)

    def _climb(self, path):
        path = path.rstrip("/")
        while "/" in path:
            path = path.rpartition("/")[0]
            root = path or ("" if self.place.is_s3 else "/")
            text = f"s3://{self.place.bucket}/{root}" if self.place.is_s3 else root
            yield Location(self.stores, Place(text, self.place.bucket, root))

    def exists(self):
        return bool(self.stores.list(self.place)) if self.place.is_s3 else os.path.isdir(self.place.path)

    def folders(self):
        """Names of the folders directly in it, hidden ones too. Raises ConfigurationError for links in a circle."""
        with circles_refused():
            return self.stores.of(self.place).folders(self.place)

    def entries(self):
        """(name, whether it is a folder) of what is directly in it, in order. Raises ConfigurationError for a link that leads nowhere, and
        for a pipe, a socket or a device.
        """
        if self.place.is_s3:
            # Objects are next to partition folders only by mistake, and reporting them is all that
            # they are for.
            return [(name, True) for name in self.folders()] + [(name, False) for name in self._object_names()]
        with os.scandir(self.place.path) if os.path.isdir(self.place.path) else contextlib.nullcontext(()) as found:
            names = sorted(entry.name for entry in found)
        for name in names:
            path = os.path.join(self.place.path, name)
            if os.path.islink(path) and not os.path.exists(path) and not is_hidden(name):
                raise ConfigurationError(f"{path} is a link that leads nowhere, or in a circle; remove it or restore what it names", file=path)
            refuse_special(path)
        known = set(self.folders())
        return [(name, name in known) for name in names]

    def _object_names(self):
        prefix = f"{self.place.path}/" if self.place.path else ""
        with aws_errors(f"list {self}"):
            page = self.stores.of(self.place).client.list_objects_v2(Bucket=self.place.bucket, Prefix=prefix, Delimiter="/")
        return [entry["Key"][len(prefix):] for entry in page.get("Contents", ()) if not entry["Key"].endswith(("/", FOLDER_MARK))]

    def has_folder(self, name):
        """Cheaper than a listing, for folders that may hold many others."""
        child = self.place.child(name)
        if not child.is_s3:
            return os.path.isdir(child.path)
        try:
            reply = self.stores.of(child).client.list_objects_v2(Bucket=child.bucket, Prefix=child.path + "/", MaxKeys=1)
        except Exception:  # A folder above may be closed to this run. It is only looked at to refuse more.
            return False
        return bool(reply.get("Contents"))

    def files(self):
        """Every file at any depth, hidden and empty ones too, in the byte order of their paths.

        :raises ConfigurationError: it is not a folder, or has links in a circle, pipes, sockets or devices
        """
        if not self.place.is_s3 and not os.path.isdir(self.place.path):
            if os.path.lexists(self.place.path):
                raise ConfigurationError(f"{self} is not a folder", file=str(self))
            return []
        with circles_refused():
            found = sorted(self.stores.list(self.place), key=lambda file: file.path.encode("utf-8", "surrogateescape"))
        for file in found:
            if not self.place.is_s3 and not file.size:
                refuse_special(file.place.path)
        return found

    def read(self, file, offset, length):
        return self.stores.read(file, offset, length)

    def has_changed(self, file):
        """The file is not the version that was listed."""
        current = self.stores.current(file)
        return current is None or current.version != file.version
