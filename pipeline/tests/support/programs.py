"""Starts the pipeline's Python programs as processes: `fork` quickly, from a process that has imported boto3, `start` as a person does.

A forked program has its own arguments, environment, output, signals and exit code. Only the interpreter's start and the imports are those
of preloaded.py, so that each program has a few tests with a start of its own.
"""
import atexit
import concurrent.futures
import functools
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading

SERVER = pathlib.Path(__file__).with_name("preloaded.py")


def start(script, words, environment):
    """The program in an interpreter of its own."""
    command = [sys.executable, str(script), *words]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


def fork(script, words, environment):
    """The program in a copy of the process that has imported boto3."""
    return Forked(script, words, environment)


class Forked:
    """A program that preloaded.py runs, with what the tests need of Popen."""

    def __init__(self, script, words, environment):
        pipes = [os.pipe() for _ in range(3)]
        message = json.dumps({"script": str(script), "words": words, "environment": environment}).encode()
        socket.send_fds(server(), [message], [written for _, written in pipes])
        for _, written in pipes:
            os.close(written)
        self.stdout, self.stderr, self._end = (open(read, encoding="utf-8") for read, _ in pipes)
        self.pid = int(self._end.readline())
        self.script, self.returncode, self._is_expired = script, None, False

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout=120):
        """Waits for the end of the program, which is killed at the timeout. Returns standard output and standard error."""
        limit = threading.Timer(timeout, self._expire)
        limit.start()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            errors = pool.submit(self.stderr.read)
            texts = self.stdout.read(), errors.result()
        self.returncode = int(self._end.readline())
        limit.cancel()
        for file in (self.stdout, self.stderr, self._end):
            file.close()
        if self._is_expired:
            raise TimeoutError(f"{self.script} did not end within {timeout} s: {texts}")
        return texts

    def _expire(self):
        self._is_expired = True
        self.kill()


@functools.lru_cache
def server():
    """The socket of preloaded.py, started with the first program."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen([sys.executable, str(SERVER), str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()

    def stop():
        ours.close()
        process.wait(30)

    atexit.register(stop)
    return ours
