"""The emulator's clock: waits of state machines, retries and jobs, which tests may speed up, and a record of each.

With a scale of 0.002 a wait of 30 s takes 60 ms; the record still has 30 s. Reading GET /emulator/waits shows them in order:
{"kind": "retry" | "wait" | "lambda_retry" | ..., "seconds": 30, "state": "RunGlueETLJob", "execution": ARN or null}.
"""
import threading
import time

_scale = 1.0
_waits = []
_skipped = {}
_lock = threading.Lock()


def set_scale(scale):
    global _scale
    if not 0 < scale <= 1:
        raise ValueError("the scale is above 0 and at most 1")
    _scale = scale


def scale():
    return _scale


def record(kind, seconds, state=None, execution=None):
    with _lock:
        _waits.append({"kind": kind, "seconds": seconds, "state": state, "execution": execution})


def waits():
    with _lock:
        return list(_waits)


def clear_waits():
    with _lock:
        _waits.clear()


def skip(execution, seconds):
    """Adds what the scale saves of a wait to an execution's time."""
    with _lock:
        _skipped[execution] = _skipped.get(execution, 0) + seconds * (1 - _scale)


def skipped(execution):
    return _skipped.get(execution, 0)


def sleep(kind, seconds):
    record(kind, seconds)
    time.sleep(seconds * _scale)


def wait(event, seconds):
    """Waits for an event for at most so many of the emulator's seconds; None waits without a limit. True if the event came."""
    return event.wait(None if seconds is None else seconds * _scale)
