"""Ends Spark where a damaged page keeps a task busy without end.

parquet-java 1.13 never gets to the end of a Snappy or LZ4_RAW page that holds less than its header says: its stream returns 0 bytes again
and again. Spark's reader of levels does the same after runs of no values. The task can be neither finished nor interrupted. A thread of the
driver looks for such a task: no stage has made progress for a while, and a task is still decoding the same batch of rows.
"""
import glob
import os
import threading

from ...parquet.footer import FooterError, read_footer
from ...parquet.pages import damaged_column
from ..errors import InputError, JobError, OutOfMemoryError

POLL_SECONDS = 1.0
# Polls without progress before stacks are read. Metrics of tasks arrive with heartbeats: every second on a machine, every ten on a cluster.
QUIET_POLLS = {True: 5, False: 30}
LOOKS = 4
TASK = "Executor task launch worker"
READERS = ("datasources.parquet.VectorizedParquetRecordReader.", "org.apache.parquet.hadoop.InternalParquetRecordReader.")
# A store may be slow. What comes from it comes through this class.
STORE = "org.apache.hadoop.fs.FSDataInputStream"
# What the driver reads to name a file. A table that is larger gets an error without a name.
MAX_READ_BYTES = 16 << 30
COUNTS = ("stageId", "attemptId", "numCompleteTasks", "numFailedTasks", "inputBytes", "inputRecords", "outputRecords", "shuffleReadRecords",
          "shuffleWriteRecords")


class Watch:
    """The thread. It is idle between runs."""

    def __init__(self, sessions):
        self._sessions = sessions
        self._active = threading.Event()
        self._thread = None
        self.found = False
        """Whether it has ended Spark in this run."""
        self.open_files = frozenset()
        """Paths of the files on disk that tasks had open then."""

    def begin(self):
        """A run begins."""
        self.found, self.open_files = False, frozenset()
        self._active.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="endless pages", daemon=True)
            self._thread.start()

    def end(self):
        """The run has ended."""
        self._active.clear()

    def _watch(self):
        pause, before, quiet, looks = threading.Event(), None, 0, 0
        while True:
            self._active.wait()
            pause.wait(POLL_SECONDS)
            progress = self._progress()
            quiet = quiet + 1 if progress and progress == before else 0
            before = progress
            if quiet < QUIET_POLLS[self._sessions.is_owned]:
                looks = 0
            elif self._is_decoding():
                looks += 1
                if looks >= LOOKS and self._active.is_set():
                    self.open_files = _open_files(self._sessions.process_id())
                    self.found = True
                    self._sessions.abort()
                    before, quiet, looks = None, 0, 0
            else:
                looks = 0

    def _progress(self):
        """What tells whether the stages in flight have moved on; None if there are none."""
        try:
            stages = self._sessions.context().statusStore().activeStages()
            return [[getattr(stages.apply(place), name)() for name in COUNTS] for place in range(stages.size())] or None
        except Exception:  # there is no session, or its JVM is gone
            return None

    def _is_decoding(self):
        try:
            context = self._sessions.context()
            executors = context.statusStore().executorList(True)
            return any(self._has_decoding_task(context, executors.apply(place).id()) for place in range(executors.size()))
        except Exception:  # as above
            return False

    def _has_decoding_task(self, context, executor):
        dump = context.getExecutorThreadDump(executor)
        for thread in dump.get() if dump.isDefined() else ():
            if thread.threadName().startswith(TASK):
                stack = thread.stackTrace().toString()
                if any(name in stack for name in READERS) and STORE not in stack:
                    return True
        return False


def _open_files(process):
    """Paths of the open files of a process; none where the system does not show them."""
    found = set()
    for link in glob.glob(f"/proc/{process}/fd/*") if process else ():
        try:
            found.add(os.readlink(link))
        except OSError:  # closed meanwhile
            pass
    return frozenset(found)


def explain(run, error):
    """The error of a failed run. One that the watch has ended, or that ran out of memory, may have met a damaged page."""
    ended = run.sessions.watch.found
    if not ended and not isinstance(error, OutOfMemoryError):
        return error
    for _, found in damaged_files(run):
        return found
    return error if not ended else InputError("a file of the input is damaged: Spark does not get to the end of a page of it; find it with "
                                              "idextractor extract")


def damaged_files(run):
    """[(DataFile, InputError)] of the files with a damaged page: those with an impossible size, of the first MAX_READ_BYTES that the run
    has read; else those that Spark had open when the watch ended it.
    """
    found = _files_with_impossible_sizes(run)
    if not found:
        found = [(file, InputError(f"{file.name} is damaged: Spark does not get to the end of a page; rewrite or remove the file",
                                   file=file.name))
                 for file, _ in dict.fromkeys(run.scans)
                 if not file.place.is_s3 and os.path.realpath(file.place.path) in run.sessions.watch.open_files]
    return found


def _files_with_impossible_sizes(run):
    found, left = [], MAX_READ_BYTES
    for file, names in dict.fromkeys(run.scans):
        left -= file.size
        if left < 0:
            break

        def read(offset, length, file=file):
            return run.stores.read(file, offset, length)
        try:
            damage = damaged_column(read, read_footer(read, file.size, file.name), names)
        except (FooterError, JobError):  # it changed meanwhile
            continue
        if damage:
            column, problem = damage
            found.append((file, InputError(f"{file.name} is damaged: {problem}, in column '{column}'; rewrite or remove the file",
                                           file=file.name, column=column)))
    return found
