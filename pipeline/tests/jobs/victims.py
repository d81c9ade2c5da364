"""Processes that run a job until a test kills them, or the JVM below them."""
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

from .spark_support import ROOT, job_settings, lanes, process_environment, seed

# Seeds of a job that publishes, one kill each. More of them in a long run: IDEXTRACTOR_KILLS=100.
KILLS = int(os.environ.get("IDEXTRACTOR_KILLS") or 10)
# Of the twin. Its parts are published by the engine, whose own tests kill it.
TWIN_KILLS = int(os.environ.get("IDEXTRACTOR_KILLS") or 4)
# A JVM that takes the place of a killed one is the next victim.
VICTIMS = ("both", "jvm")
# Workers at a time. Most of a kill is the start of a JVM, which keeps a core busy.
LANES = 2
# A busy machine starts a JVM in a minute.
SECONDS = 120
# Between two looks at what a job has done. Each walks its folders, and keeps this process from the tests beside it.
LOOK_SECONDS = 0.005


def child_of(process_id):
    """The process that a process has started first: its JVM. None if there is none."""
    with open(f"/proc/{process_id}/task/{process_id}/children", encoding="ascii") as stream:
        children = stream.read().split()
    return int(children[0]) if children else None


class Worker:
    """A process that runs jobs in batch mode, and its JVM.

    through   a module of the tests that changes the job, and its argument, such as ("slow_publishing", 0.05)
    settings  more settings of Spark, (name, value) each
    """

    def __init__(self, job, stderr=subprocess.DEVNULL, through=None, settings=()):
        module = [f"pipeline.tests.jobs.{through[0]}", str(through[1]), job] if through else [f"pipeline.jobs.{job}"]
        self._command, self._stderr = [sys.executable, "-m", *module, "--batch", "-"], stderr
        self._settings = [option for name, value in settings for option in ("--spark-conf", f"{name}={value}")]
        self.restart()

    def restart(self):
        """Starts the process, again after it was killed."""
        self.process = subprocess.Popen(self._command, cwd=ROOT, env=process_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self._stderr, text=True)

    def send(self, *options):
        self.process.stdin.write(json.dumps([*options, *job_settings(), *self._settings]) + "\n")
        self.process.stdin.flush()

    def report(self):
        return json.loads(self.process.stdout.readline())

    def jvm(self):
        return child_of(self.process.pid)

    def strike(self, victim):
        """kill -9 of the JVM ("jvm"), or of this process and its JVM ("both")."""
        jvm = self.jvm()
        if victim == "both":
            os.kill(self.process.pid, signal.SIGKILL)
        if jvm is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(jvm, signal.SIGKILL)
        if victim == "both":
            self.process.wait()

    def is_dead(self):
        return self.process.poll() is not None

    def kill(self):
        """Ends the process and its JVM, in whatever state they are."""
        if not self.is_dead():
            self.strike("both")
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


def wait_until(reached, what):
    """Asks a condition until it holds."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {SECONDS} seconds")
        time.sleep(LOOK_SECONDS)


def kill_runs(test, start, kill, kills=KILLS):
    """Calls kill(worker, victim, moment, number, generator) for each seed, in LANES threads. What fails is a failed subtest.

    Seeds take the victims and the moments (0, an early one, or 1, a later one) in turn: four of a lane have all pairs.

    start  makes a Worker. One whose JVM was killed starts another JVM, and serves the next victim.
    """
    first = seed()
    failures = []

    def serve(lane):
        with contextlib.ExitStack() as ends:
            worker = None
            for turn, number in enumerate(range(lane, kills, LANES)):
                victim, moment = VICTIMS[turn % 2], (turn // 2 + lane) % 2
                if worker is None or worker.is_dead():
                    worker = start()
                    ends.callback(worker.kill)
                try:
                    kill(worker, victim, moment, number, random.Random(first + number))
                except Exception as error:  # a failed assertion, or a worker that does not answer
                    failures.append(({"seed": first + number, "victim": victim, "moment": moment}, error))
                    worker.kill()

    with lanes(LANES) as pool:
        for done in [pool.submit(serve, lane) for lane in range(LANES)]:
            done.result()
    for which, error in failures:
        with test.subTest(**which):
            raise error
