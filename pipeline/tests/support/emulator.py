"""Starts the project's AWS emulator and steers it: faults, outcomes, the clock, the request log."""
import atexit
import functools
import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "tests" / "IdExtractor.Aws.Tests" / "Emulator" / "emulator.py"
REGION = "us-east-1"
# A wait of 30 s takes 60 ms.
FAST = 0.002

_creating = threading.Lock()


class Emulator:
    """One emulator process. Ends with this process at the latest: its standard input closes."""

    def __init__(self, scale=FAST):
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        # Not those of the person who runs the tests.
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.pop(name, None)
        self._process = subprocess.Popen([sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the emulator ended at its start; its message is on standard error")
        self.port = json.loads(line)["port"]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._dropped = []
        self.set_clock(scale)
        atexit.register(self.stop)

    def stop(self):
        if self._process.stdin.closed:
            return
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @functools.lru_cache(maxsize=None)
    def client(self, service, key="test"):
        """A client whose access key is `key`: the request log identifies callers by it."""
        import boto3
        from botocore.config import Config

        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        with _creating:
            return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="x", config=config)

    def environment(self, key="test", **more):
        """The environment of a child process that finds the emulator where AWS would be."""
        return {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", **more,
        }

    def set_clock(self, scale):
        self.control("POST", "clock", {"scale": scale})

    def add_fault(self, service, operation, code=None, **rule):
        """See faults.py: by default the operation's next call gets the error `code`."""
        self.control("POST", "faults", {"service": service, "operation": operation, **({"code": code} if code else {}), **rule})

    def add_outcome(self, kind, **rule):
        """See outcomes.py: how the next job run, crawl or attempt of a Batch job ends."""
        self.control("POST", "outcomes", {"kind": kind, **rule})

    def set_program(self, image, program, **environment):
        """See batch_images.py: the program that stands for a container image."""
        self.control("POST", "images", {"image": image, "program": program, "environment": environment})

    def requests(self, key=None, service=None, operation=None):
        """The log's entries, oldest first."""
        entries = self.control("GET", "requests" + (f"?key={key}" if key else ""))
        return [entry for entry in entries if service in (None, entry["service"]) and operation in (None, entry["operation"])]

    def waits(self, **fits):
        """What the emulator waited for: kind, seconds, state, execution."""
        return [wait for wait in self.control("GET", "waits") if all(wait[name] == value for name, value in fits.items())]

    def all_requests(self):
        """The log's entries of this emulator's whole life, those that `forget` dropped included."""
        return [*self._dropped, *self.requests()]

    def forget(self):
        """Drops faults, outcomes, the request log and the record of waits. Resources stay."""
        self._dropped += self.requests()
        for what in ("faults", "outcomes", "requests", "waits"):
            self.control("DELETE", what)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/emulator/{path}", data=data, method=method, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.loads(reply.read())
