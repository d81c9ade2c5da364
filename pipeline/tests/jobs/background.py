"""Tests that run beside all others, from the first test that needs Spark on: those that wait for processes that start, and those whose
class would not fill two lanes.
"""
import atexit

from .side_by_side import Record, report
from .spark_support import lanes

_loaded = []
_running = {}


class InBackground:
    """Comes before the test case among the bases of a class. Its tests run one after the other in a lane of their own, in the order in
    which they are loaded, and are reported where their module stands: modules of such tests have names that come late.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        _loaded.append(self)

    def run_in_lane(self):
        record = Record()
        super().run(record)
        return record

    def run(self, result=None):
        return report(self, _running[self], result)


def start():
    """Starts them, once."""
    if _loaded and not _running:
        context = lanes(1)
        pool = context.__enter__()
        atexit.register(context.__exit__, None, None, None)
        _running.update((test, pool.submit(test.run_in_lane)) for test in _loaded)
