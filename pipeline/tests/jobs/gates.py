"""What keeps runs and writers of one JVM apart that disturb each other."""
import contextlib
import threading


class Gate:
    """Many threads inside at a time, or one alone. Who waits to be alone is let in before those who come later."""

    def __init__(self):
        self._entrance = threading.RLock()
        self._changed = threading.Condition()
        self._inside = 0

    @contextlib.contextmanager
    def shared(self):
        with self._entrance, self._changed:
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self):
        """Not for a thread that is inside, which would wait for itself."""
        with self._entrance:
            with self._changed:
                self._changed.wait_for(lambda: not self._inside)
            yield


# Runs share it. Who changes what they see, such as a function of a module, has it alone.
gate = Gate()
# Writers without options of Parquet share it, others have it alone: parquet-java keeps in one place, for all files of a JVM, what the last
# writer that was made asked for (apache/parquet-java, issues 3224 and 3497).
_writers = Gate()


def parquet_options(options):
    """Those of a writer's options that writers beside it would take over."""
    return tuple(sorted((name, value) for name, value in options.items() if name.startswith("parquet.")))


def writing_parquet(**options):
    """What keeps writers with other options away meanwhile."""
    return _writers.alone() if parquet_options(options) else _writers.shared()
