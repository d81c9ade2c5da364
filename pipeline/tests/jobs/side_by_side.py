"""Tests of a class that run two at a time, each in a lane of `spark_support.lanes`. Their results are reported in the order of the tests."""
import concurrent.futures
import unittest

from .gates import gate
from .spark_support import lanes


def alone(test):
    """A test that changes what other tests see, such as a function of a module: nothing runs beside it."""
    test.alone = True
    return test


class SideBySide:
    """Comes before the test case among the bases of a class."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        if "loaded" not in vars(type(self)):
            type(self).loaded = []
        self.loaded.append(self)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = lanes()
        pool = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        cls.running = {test: pool.submit(test.run_in_lane) for test in cls.loaded if not test.is_alone()}

    def is_alone(self):
        return getattr(getattr(self, self._testMethodName), "alone", False)

    def run_in_lane(self):
        record = Record()
        super().run(record)
        return record

    def run(self, result=None):
        if self.is_alone():
            concurrent.futures.wait(self.running.values())
            with gate.alone():
                return super().run(result)
        return report(self, self.running[self], result)


def report(test, running, result):
    """Waits for the Record of a test and reports it."""
    result.startTest(test)
    try:
        running.result().report_to(result)
    finally:
        result.stopTest(test)
    return result


class Record(unittest.TestResult):
    """Keeps what a test reports, and reports it to another result."""

    def __init__(self):
        super().__init__()
        self._calls = []

    def addError(self, *arguments):
        self._calls.append(("addError", arguments))

    def addFailure(self, *arguments):
        self._calls.append(("addFailure", arguments))

    def addSkip(self, *arguments):
        self._calls.append(("addSkip", arguments))

    def addSubTest(self, *arguments):
        self._calls.append(("addSubTest", arguments))

    def addSuccess(self, *arguments):
        self._calls.append(("addSuccess", arguments))

    def report_to(self, result):
        for name, arguments in self._calls:
            getattr(result, name)(*arguments)
