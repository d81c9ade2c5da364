"""The parts: Parquet files of one column `id`, below a folder of the run alone."""
import contextlib
import errno
import os
import shutil

from ..common.errors import ConfigurationError, VerificationError
from ..common.read import references
from ..common.read.aws import encryption_of
from ..common.read.stores import data
from ..parquet.footer import FooterError, read_footer


def uri(run):
    """Where the parts go, as the user wrote it."""
    return run.options.parts or f"{run.options.output.rstrip('/') or '/'}/parts/{run.run_id}/"


def check(run):
    """The Place of the parts, of which nothing is made. What cannot be written is found before the scan.

    :raises ConfigurationError: the folder already holds files, or cannot be made
    """
    place = references.place(uri(run))
    if place.is_s3:
        if run.stores.list(place):
            raise _taken(place)
        return place
    with _refusals(place):
        if os.path.isdir(place.path) and os.listdir(place.path):
            raise _taken(place)
        missing = _missing_folders(place.path)
        if missing and os.path.lexists(missing[-1]):
            raise ConfigurationError(f"The parts cannot be written: {place.text}: {missing[-1]} is not a folder; remove it, or name a folder "
                                     "with --parts", file=place.text)
        if not os.access(os.path.dirname(missing[-1]) if missing else place.path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return place


def prepare(run):
    """The Place of the parts, as `check` does, with its folder."""
    place = check(run)
    if not place.is_s3:
        with _refusals(place):
            run.made = _missing_folders(place.path)
            os.makedirs(place.path, exist_ok=True)
    return place


@contextlib.contextmanager
def _refusals(place):
    try:
        yield
    except OSError as error:
        raise ConfigurationError(f"The parts cannot be written: {place.text}: {error.strerror}; check --output and --parts",
                                 file=place.text) from None


def _taken(place):
    return ConfigurationError(f"{place.text} already holds files; the parts of a run are never written to again: name another folder with "
                              f"--parts", file=place.text)


def write(frame, place):
    """Writes one column `id`."""
    (frame.write.mode("append").option("compression", "snappy").option("mapreduce.fileoutputcommitter.marksuccessfuljobs",
                                                                       "false").parquet(place.uri))


def verify(run, place, total):
    """The footers of the parts: one column `id`, and as many rows as distinct ids were counted.

    :raises VerificationError: they are not
    :raises ConfigurationError: they are not encrypted as --sse and --kms-key-id ask
    """
    rows = 0
    for file in data(run.stores.list(place), place):
        if place.is_s3:
            _check_encryption(run, file)
        try:
            footer = read_footer(lambda offset, length: run.stores.read(file, offset, length), file.size, file.name)
        except FooterError as error:
            raise VerificationError(f"A part is not what was written: {error.problem}: {file.name}", file=file.name) from None
        columns = [(column.name, column.physical, column.logical.kind) for column in footer.columns]
        if columns != [("id", "BYTE_ARRAY", "STRING")]:
            raise VerificationError(f"A part has other columns than the id: {file.name}", file=file.name)
        rows += footer.rows
    if rows != total:
        raise VerificationError(f"The parts hold {rows} ids, but {total} were counted; nothing is published")


def _check_encryption(run, file):
    """Spark's connector writes the parts. It may be another than the one that connector_settings is for."""
    wanted, key = encryption_of(run.options.sse, run.options.kms_key_id)
    if wanted is None:
        return
    found, found_key = run.stores.of(file.place).encryption(file.place)
    # An alias cannot be compared: S3 returns the ARN of its key.
    if found != wanted or (key and "alias/" not in key and (found_key or "").rpartition("/")[2] != key.rpartition("/")[2]):
        raise ConfigurationError(f"The parts are encrypted with {found or 'nothing'}, not as --sse and --kms-key-id ask: set the "
                                 "encryption of Spark's S3 connector with --spark-conf", file=file.name)


def _missing_folders(path):
    """Folders that have to be made for a path, the innermost first."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    return missing


def discard(run, place):
    """Removes the parts of a failed run, and the folders that the run made. A failure to do so
    changes nothing.
    """
    with contextlib.suppress(Exception):
        if place.is_s3:
            for file in run.stores.list(place):
                run.stores.of(place).delete(file.place)
            return
        for name in os.listdir(place.path):
            path = os.path.join(place.path, name)
            shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
        for folder in run.made:
            os.rmdir(folder)
