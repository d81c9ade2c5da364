"""Files on disk."""
import contextlib
import datetime
import errno
import os
import secrets
import stat

from ..errors import ConfigurationError, InputError, TemporaryError
from .references import Place
from .stores import DataFile, is_hidden


@contextlib.contextmanager
def disk_errors(name):
    """Turns errors of the operating system into typed ones that name the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise ConfigurationError(f"{name} does not exist", file=name) from error
    except (PermissionError, NotADirectoryError, IsADirectoryError) as error:
        raise ConfigurationError(f"{name}: {error.strerror}", file=name) from error
    except OSError as error:
        if error.errno == errno.EROFS:
            raise ConfigurationError(f"{name}: {error.strerror}", file=name) from error
        hint = "; free space and run again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise TemporaryError(f"{name}: {error.strerror}{hint}", file=name) from error


def fsync_folder(path):
    """Makes the names in a folder durable."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_folders(path):
    """Makes a folder and those above it, durably. Raises ConfigurationError where something else has the name."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        try:
            os.mkdir(folder)
        except FileExistsError:
            _refuse_other(folder)
        fsync_folder(os.path.dirname(folder))


def _refuse_other(path):
    """Raises ConfigurationError for anything but a folder. A name that has disappeared was the folder of a run that ended."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode) and not os.path.isdir(path):
        what = "a link to nothing" if stat.S_ISLNK(mode) else "not a folder"
        raise ConfigurationError(f"{path} is {what}, and a folder of this name is needed; remove or rename it", file=path)


def _by_name(text, entries, is_skipped):
    """Entries of a folder, by name. A name that is not UTF-8 has no URI and no place in messages.

    is_skipped  name -> whether nobody looks at it, so that it may be anything
    """
    found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if not is_skipped(entry.name) and any("\udc80" <= character <= "\udcff" for character in entry.name):
            raise ConfigurationError(f"{text}: a name in this folder is not UTF-8; rename it", file=text)
    return found


class LocalStore:
    """Links are followed; a link to a folder above itself is an error, not an endless walk. What cannot be read below a hidden name is
    skipped.
    """

    def list(self, place):
        with disk_errors(place.text):
            if os.path.isdir(place.path):
                return list(self._walk(place, place.path, "", ()))
            found = os.stat(place.path)
        return [self._file(place.text, os.path.basename(place.path), place, found)]

    def _walk(self, root, folder, relative, above):
        identity = os.stat(folder)
        identity = (identity.st_dev, identity.st_ino)
        if identity in above:
            if is_hidden(relative):
                return
            raise InputError(f"{root.text}/{relative} links to a folder above itself", file=f"{root.text}/{relative}")
        with os.scandir(folder) as entries:
            found = _by_name(f"{root.text}/{relative}".rstrip("/"), entries, lambda name: is_hidden(f"{relative}/{name}"))
        for entry in found:
            path = f"{relative}/{entry.name}" if relative else entry.name
            try:
                if entry.is_dir():
                    yield from self._walk(root, entry.path, path, above + (identity,))
                else:
                    place = root.child(path)
                    yield self._file(place.text, path, place, entry.stat())
            except FileNotFoundError:
                # A name that is gone since it was listed: a broken link, or another process's temporary file.
                if os.path.islink(entry.path) and not is_hidden(path):
                    raise ConfigurationError(f"{root.text}/{path} is a link to nothing", file=f"{root.text}/{path}") from None
            except OSError:
                if not is_hidden(path):
                    raise

    @staticmethod
    def _file(name, path, place, found):
        return DataFile(name, path, place, found.st_size, _time(found.st_mtime), f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}")

    def folders(self, place):
        """Names of the folders directly below a place; none if it does not exist."""
        with disk_errors(place.text):
            try:
                with os.scandir(place.path) as entries:
                    return [entry.name for entry in _by_name(place.text, entries, is_hidden) if entry.is_dir()]
            except FileNotFoundError:
                return []

    def stat(self, place):
        with disk_errors(place.text):
            try:
                found = os.stat(place.path)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return self._file(place.text, os.path.basename(place.path), place, found)

    def read(self, file, offset, length):
        try:
            with open(file.place.path, "rb") as stream:
                stream.seek(offset)
                content = stream.read(length)
        except FileNotFoundError as error:
            raise TemporaryError(f"{file.name} disappeared while it was read; run again", file=file.name) from error
        except PermissionError as error:
            raise ConfigurationError(f"{file.name}: {error.strerror}", file=file.name) from error
        except OSError as error:
            raise TemporaryError(f"{file.name}: {error.strerror}", file=file.name) from error
        if len(content) != length:
            raise TemporaryError(f"{file.name} became shorter while it was read; run again", file=file.name)
        return content

    def load(self, place):
        with disk_errors(place.text):
            try:
                with open(place.path, "rb") as stream:
                    return stream.read()
            except FileNotFoundError:
                return None

    def write(self, place, content):
        """Writes next to the name, flushes, renames. Devices and pipes are written to, never replaced."""
        with disk_errors(place.text):
            path = os.path.realpath(place.path)
            if os.path.exists(path) and not os.path.isfile(path):
                with open(path, "wb") as stream:
                    stream.write(content)
                return
            make_folders(os.path.dirname(path))
            temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{secrets.token_hex(4)}")
            try:
                with open(temporary, "xb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(temporary, path)
                fsync_folder(os.path.dirname(path))
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def delete(self, place):
        with disk_errors(place.text):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(place.path)


def _time(seconds):
    """A time of modification. Beyond the years 1 to 9999, which file systems allow, it is the last or first one; the version is exact."""
    try:
        # Rounded to microseconds as everyone's fromtimestamp(getmtime()) is, so that --since with a file's own time selects the file.
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        nearest = datetime.datetime.max if seconds > 0 else datetime.datetime.min
        return nearest.replace(tzinfo=datetime.timezone.utc)


def local_place(path):
    """The place of a local path, absolute or not."""
    return Place(path, "", os.path.abspath(path))
