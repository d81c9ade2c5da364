"""What readers see while a job publishes: each partition is old or new, complete, never absent."""
import os
from unittest import mock

from pipeline.jobs.common.publish import disk
from .gates import gate
from .publishing_support import STAGING, GoldPublishing, SilverPublishing


class Watched:
    """The module os, which looks after each call that changes a visible name."""

    def __init__(self, look):
        self._look = look

    def __getattr__(self, name):
        call = getattr(os, name)
        return self._then_look(call) if name in ("replace", "unlink", "rmdir") else call

    def _then_look(self, call):
        def watched(*arguments, **named):
            result = call(*arguments, **named)
            self._look()
            return result
        return watched


class ReaderTests:
    """Shared by both jobs."""

    def test_everyVisibleChange_wholeTargetIsOldOrNew(self):
        self.first()
        old = self.publish()
        self.second()
        seen = []

        def look():
            seen.append({path: content for path, content in self.contents(self.target).items() if not path.startswith(STAGING)})
        with gate.alone(), mock.patch.object(disk, "os", Watched(look)):
            new = self.publish()
        self.assertGreaterEqual(len(seen), self.count)
        for state in seen:
            self.assertLessEqual(set(old) & set(new), set(state))
            for path, content in state.items():
                self.assertTrue(content in (old.get(path), new.get(path)), path)


class GoldReaderTests(ReaderTests, GoldPublishing):
    """silver_to_gold"""


class SilverReaderTests(ReaderTests, SilverPublishing):
    """bronze_to_silver"""
