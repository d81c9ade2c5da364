"""Publishing into one target: lock, clean, stage, replace file by file, remove staging.

    with publication(run, target) as target:
        frame.write.parquet(target.staging.child("rows").uri)
        target.replace({"ano=2025/mes=9/data.parquet": staged_file}, current)

ADR 11 states what readers see at each point where a run can die.
"""
import abc

from ..errors import JobError, TemporaryError, VerificationError
from ..read.references import Place
from ..read.stores import data

DATA_FILE = "data.parquet"
STAGING = "_staging"


class Publication(abc.ABC):
    """A target that this run alone may change.

    place    the target
    staging  below which Spark writes, each query into a folder of its own; removed at the end
    """

    def __init__(self, run, place):
        self.run = run
        self.place = place
        self.staging = self._staging_place()

    def __enter__(self):
        self.lock()
        try:
            self.clean()
        except BaseException:
            self.release()
            raise
        return self

    def __exit__(self, _, error, __):
        is_lost = _may_be_lost(error) and self.is_lost()
        self.release()
        if is_lost:
            raise TemporaryError(f"staging of {self.place.text} is gone: another run has started; run again") from error

    @abc.abstractmethod
    def _staging_place(self) -> Place:
        """The staging folder of this run."""

    @abc.abstractmethod
    def lock(self):
        """Raises TemporaryError if another run publishes into this target."""

    @abc.abstractmethod
    def clean(self):
        """Removes what dead runs left in staging."""

    def is_lost(self):
        """Whether another run removed the staging of this run. Does not raise."""
        return False

    @abc.abstractmethod
    def remove_staging(self):
        """Removes the staging of this run; the lock is kept. Does not raise."""

    @abc.abstractmethod
    def release(self):
        """Removes the staging of this run and gives the lock back. Does not raise."""

    @abc.abstractmethod
    def put(self, staged, place, current):
        """Replaces one file in one step. current is the version that it has now (a DataFile), or None if it is absent.

        Raises TemporaryError if it has another version: another writer was here.
        """

    @abc.abstractmethod
    def delete(self, file):
        """Deletes one file and the folders of its partition that become empty."""

    def staged(self, part):
        """Staged data files below a folder of staging, with paths relative to it."""
        place = self.staging.child(part)
        return data(self.run.stores.list(place), place)

    def replace(self, staged, current):
        """Publishes {path relative to the target: staged DataFile}, in the order of the paths, one at a time.

        current: {path: DataFile} of the versions that were read; a path that is not in it was absent.
        """
        for path in sorted(staged):
            self.put(staged[path], self.place.child(path), current.get(path))

    def remove(self, files):
        """Deletes files of the target."""
        for file in files:
            self.delete(file)


def _may_be_lost(error):
    """Whether missing files of staging may explain why a run failed: it found others than it wrote, or for a reason that is not known."""
    return isinstance(error, Exception) and (isinstance(error, VerificationError) or not isinstance(error, JobError))


def publication(run, place):
    """The publication for a place on disk or in S3."""
    if place.is_s3:
        from .s3 import S3Publication
        return S3Publication(run, place)
    from .disk import DiskPublication
    return DiskPublication(run, place)
