"""The gate that runs and writers go through."""
import threading
import unittest

from .gates import Gate

SECONDS = 30


class GateTests(unittest.TestCase):
    def setUp(self):
        self.gate, self.entered, self.threads = Gate(), [], []
        self.addCleanup(lambda: [thread.join(SECONDS) for thread in self.threads])

    def start(self, name, enter):
        """A thread that waits for the gate, or is through it, when this returns: (one that is set once it is inside, one that lets it go)."""
        inside, leave = threading.Event(), threading.Event()

        def visit():
            with enter():
                self.entered.append(name)
                inside.set()
                leave.wait(SECONDS)
        thread = threading.Thread(target=visit)
        thread.start()
        self.threads.append(thread)
        return inside, leave

    def test_alone_isInsideWithNobody(self):
        first, second = self.start("first", self.gate.shared), self.start("second", self.gate.shared)
        self.assertTrue(first[0].wait(SECONDS) and second[0].wait(SECONDS), "two share the gate")
        alone = self.start("alone", self.gate.alone)
        first[1].set()
        self.assertFalse(alone[0].wait(0.1), "one is still inside")
        second[1].set()
        self.assertTrue(alone[0].wait(SECONDS))
        later = self.start("later", self.gate.shared)
        self.assertFalse(later[0].wait(0.1), "one has the gate alone")
        alone[1].set()
        self.assertTrue(later[0].wait(SECONDS))
        later[1].set()

    def test_alone_isLetInBeforeThoseThatComeLater(self):
        first = self.start("first", self.gate.shared)
        self.assertTrue(first[0].wait(SECONDS))
        alone = self.start("alone", self.gate.alone)
        self.assertFalse(alone[0].wait(0.1))
        later = self.start("later", self.gate.shared)
        self.assertFalse(later[0].wait(0.1))
        for _, leave in (first, alone, later):
            leave.set()
        self.assertTrue(later[0].wait(SECONDS))
        self.assertEqual(["first", "alone", "later"], self.entered)

    def test_alone_threadItself_mayShare(self):
        with self.gate.alone(), self.gate.shared():
            pass


if __name__ == "__main__":
    unittest.main()
