"""Faults of the services, on demand: POST /emulator/faults adds a rule, DELETE removes all of them.

A rule names "service" (its signing name), "operation", and optionally "resource" (a part of the log's resource) and "key" (who signed).
It lets "skip" requests pass (0), then strikes "times" of them (1; null for always):

    "action": "error"   replies with "status" (400), "code" and "message" in the form of the service's protocol, and does nothing
    "action": "drop"    closes the connection before the request is carried out
    "action": "lose"    carries the request out and closes the connection instead of replying
    "action": "reply"   replies with "status" (200) and "body" (JSON) or "text" (XML), and does nothing
    "action": "delay"   waits "seconds" of real time, then carries the request out
"""
import json
import socket
import threading
import time
from xml.sax.saxutils import escape


class Faults:
    """WSGI middleware behind the request log, whose entry of the request it reads."""

    def __init__(self, application):
        self._application = application
        self._rules = []
        self._lock = threading.Lock()

    def add(self, rule):
        if rule.get("action", "error") not in ("error", "drop", "lose", "reply", "delay"):
            raise ValueError("the action is error, drop, lose, reply or delay")
        with self._lock:
            self._rules.append({"action": "error", "skip": 0, "times": 1, "service": rule["service"], "operation": rule["operation"], **rule})

    def clear(self):
        with self._lock:
            self._rules.clear()

    def __call__(self, environ, start_response):
        entry = environ["emulator.entry"]
        rule = self._take(entry)
        if rule is None:
            return self._application(environ, start_response)
        entry["fault"] = rule["action"]
        action = rule["action"]
        if action == "delay":
            time.sleep(rule["seconds"])
            return self._application(environ, start_response)
        if action == "drop":
            return _close(environ)
        if action == "lose":
            statuses = []
            list(self._application(environ, lambda status, *_: statuses.append(status)))
            entry["status"] = int(statuses[0].split()[0])
            return _close(environ)
        if action == "reply":
            kind, text = ("text/xml", rule["text"]) if "text" in rule else ("application/json", json.dumps(rule["body"]))
            status, headers, body = rule.get("status", 200), [("Content-Type", kind)], text.encode()
        else:
            status = rule.get("status", 400)
            headers, body = _error(environ, entry["service"], rule["code"], rule.get("message", "a fault of the test"))
        start_response(f"{status} Fault", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _take(self, entry):
        with self._lock:
            for rule in self._rules:
                if not _fits(rule, entry):
                    continue
                if rule["skip"] > 0:
                    rule["skip"] -= 1
                    return None
                if rule["times"] is not None:
                    rule["times"] -= 1
                    if rule["times"] == 0:
                        self._rules.remove(rule)
                return rule
        return None


def _fits(rule, entry):
    return (
        rule["service"] == entry["service"]
        and rule["operation"] == entry["operation"]
        and rule.get("resource", "") in entry["resource"]
        and rule.get("key", entry["key"]) == entry["key"]
    )


def _error(environ, service, code, message):
    """Headers and body of an error in JSON (Glue, Step Functions), REST-JSON (Batch, Lambda), REST-XML (S3) or the query protocol (SNS, IAM)."""
    request = [("x-amzn-RequestId", "fault"), ("x-amz-request-id", "fault")]
    if "HTTP_X_AMZ_TARGET" in environ:
        return [*request, ("Content-Type", "application/x-amz-json-1.1")], json.dumps({"__type": code, "message": message}).encode()
    if service == "s3":
        return [*request, ("Content-Type", "application/xml")], f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>".encode()
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return [*request, ("Content-Type", "text/xml")], f"<ErrorResponse>{error}<RequestId>fault</RequestId></ErrorResponse>".encode()
    return [*request, ("Content-Type", "application/json"), ("x-amzn-ErrorType", code)], json.dumps({"message": message}).encode()


def _close(environ):
    """Closes the client's connection. werkzeug then finds it gone when it wants to reply."""
    connection = environ.get("werkzeug.socket")
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    raise ConnectionAbortedError("a fault of the test")
