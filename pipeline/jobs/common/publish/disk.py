"""Publishing on disk: fsync, rename, fsync of the folder."""
import contextlib
import errno
import fcntl
import os
import shutil

from ..errors import ConfigurationError, TemporaryError
from ..read.local import disk_errors, fsync_folder, make_folders
from .foreign import refuse_folder
from .publication import STAGING, Publication

LOCK_FILE = "lock"


class DiskPublication(Publication):
    """The lock is a flock on TARGET/_staging/lock: the system releases it when the process dies."""

    def __init__(self, run, place):
        super().__init__(run, place)
        self._root = os.path.join(place.path, STAGING)
        self._lock = None
        self._made = []

    def _staging_place(self):
        return self.place.child(f"{STAGING}/{self.run.run_id}")

    def lock(self):
        path = os.path.join(self._root, LOCK_FILE)
        with disk_errors(self.place.text):
            while self._lock is None:
                self._make_root()
                try:
                    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
                except FileNotFoundError:
                    if os.path.islink(path):
                        raise ConfigurationError(f"{path} is a link to nothing; remove it", file=path) from None
                    continue  # a run that ended removed the folder in between
                if self._acquire(handle, path):
                    self._lock = handle
                else:
                    os.close(handle)

    def _make_root(self):
        """Makes the target and its staging folder, and notes which of the folders are ours to remove."""
        path = self._root
        missing = []
        while not os.path.isdir(path):
            missing.append(path)
            path = os.path.dirname(path)
        make_folders(self._root)
        self._made += [folder for folder in missing if folder not in self._made]

    def _acquire(self, handle, path):
        """False if the file was removed by a run that ended: the name must be opened again."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise TemporaryError(f"another run publishes into {self.place.text}; run again when it has ended") from None
        except OSError as error:
            os.close(handle)
            raise ConfigurationError(f"{self.place.text}: this file system has no locks ({error.strerror})") from error
        try:
            named, mine = os.stat(path), os.fstat(handle)
        except FileNotFoundError:
            return False
        return (named.st_dev, named.st_ino) == (mine.st_dev, mine.st_ino)

    def clean(self):
        with disk_errors(self.place.text):
            for name in sorted(os.listdir(self._root)):
                if name != LOCK_FILE:
                    self.run.log.info(f"removing what a dead run left in {self.place.text}/{STAGING}")
                    _remove_tree(os.path.join(self._root, name))

    def remove_staging(self):
        with contextlib.suppress(OSError):
            # We hold the lock, so all other entries belong to dead runs, such as a JVM that
            # outlived its driver for a moment.
            for name in os.listdir(self._root):
                if name != LOCK_FILE:
                    _remove_tree(os.path.join(self._root, name))

    def release(self):
        if self._lock is None:
            return
        self.remove_staging()
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self._root, LOCK_FILE))
        os.close(self._lock)
        self._lock = None
        with contextlib.suppress(OSError):
            os.rmdir(self._root)
        for folder in self._made:
            if folder != self._root:
                with contextlib.suppress(OSError):
                    os.rmdir(folder)  # only succeeds where nothing was published

    def put(self, staged, place, current):
        self._check(place, current)
        folder = os.path.dirname(place.path)
        with disk_errors(staged.name):
            handle = os.open(staged.place.path, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        with disk_errors(place.text):
            make_folders(folder)
            _forget_checksum(place.path)
            _move(staged.place.path, place.path)
            fsync_folder(folder)

    def _check(self, place, current):
        refuse_folder(place)
        found = self.run.stores.of(place).stat(place)
        before = None if current is None else current.version
        now = None if found is None else found.version
        if before != now:
            raise TemporaryError(f"{place.text} was changed by another writer during this run; run again", file=place.text)

    def delete(self, file):
        with disk_errors(file.name):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.place.path)
            _forget_checksum(file.place.path)
            folder = os.path.dirname(file.place.path)
            fsync_folder(folder)
            while folder != self.place.path and folder.startswith(self.place.path.rstrip("/") + "/"):
                try:
                    os.rmdir(folder)
                except OSError as error:
                    if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                        return
                    raise
                folder = os.path.dirname(folder)
                fsync_folder(folder)


def _move(source, target):
    """A rename, or where the target is on another file system, a copy next to it and a rename."""
    try:
        os.replace(source, target)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    beside = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.tmp")
    try:
        with open(source, "rb") as reader, open(beside, "wb") as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        os.replace(beside, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)


def _forget_checksum(path):
    """Hadoop's checksum of a file that another writer made: with a new file next to it, Spark would refuse to read."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.crc"))


def _remove_tree(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        os.unlink(path)
