"""What tests ask of the emulator itself, below /emulator/. Bodies and replies are JSON.

    GET    requests[?key=ID]   every request so far (request_log.py)      DELETE requests   forgets them
    POST   faults              adds a fault (faults.py)                   DELETE faults     removes all of them
    POST   outcomes            adds an outcome (outcomes.py)              DELETE outcomes   removes all of them
    POST   clock               {"scale": 0.002}                           GET    waits      what was waited for (clock.py)
    DELETE waits               forgets them
    POST   images              a program for a container image (batch_jobs.py)
    GET    credentials/ROLE    what the container endpoint of a Batch job returns
"""
import json
from urllib.parse import parse_qs, unquote

import clock
import outcomes

PREFIX = "/emulator/"


class Control:
    """WSGI middleware in front of the request log: what it answers is not logged."""

    def __init__(self, log, faults):
        self._log = log
        self._faults = faults

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self._log(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            status, answer = self._answer(environ, path[len(PREFIX):], json.loads(body or b"{}"))
        except (KeyError, TypeError, ValueError) as error:
            status, answer = "400 Bad Request", {"message": f"{type(error).__name__}: {error}"}
        data = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
        return [data]

    def _answer(self, environ, what, body):
        key = parse_qs(environ["QUERY_STRING"]).get("key", [None])[0]
        role = unquote(what.partition("credentials/")[2])
        actions = {
            ("GET", "requests"): lambda: self._log.entries(key),
            ("DELETE", "requests"): self._log.clear,
            ("POST", "faults"): lambda: self._faults.add(body),
            ("DELETE", "faults"): self._faults.clear,
            ("POST", "outcomes"): lambda: outcomes.add(body),
            ("DELETE", "outcomes"): outcomes.clear,
            ("POST", "clock"): lambda: clock.set_scale(body["scale"]),
            ("GET", "waits"): clock.waits,
            ("DELETE", "waits"): clock.clear_waits,
            ("POST", "images"): lambda: _set_image(body),
            ("GET", "credentials/" + role): lambda: credentials(role),
        }
        action = actions.get((environ["REQUEST_METHOD"], what))
        if action is None:
            return "404 Not Found", {"message": f"no such control: {environ['REQUEST_METHOD']} {what}"}
        return "200 OK", action()


def _set_image(body):
    import batch_images

    batch_images.add(body["image"], body["program"], body.get("environment", {}))


def credentials(role):
    """Keys whose id is the role's name, so that the request log shows which role called."""
    return {"AccessKeyId": role, "SecretAccessKey": "emulator", "Token": "emulator", "Expiration": "2099-01-01T00:00:00Z"}
