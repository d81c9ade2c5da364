"""What was asked of the emulator, for tests to read at GET /emulator/requests: service, operation, resource, status, and whose key signed it."""
import io
import json
import re
import threading
from urllib.parse import parse_qs, unquote

import rest_operations

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/")
# Queries that name an operation on a bucket or an object; anything else is the plain operation of its method.
BUCKET_OPERATIONS = {("GET", "list-type"): "ListObjectsV2", ("GET", "uploads"): "ListMultipartUploads", ("GET", "location"): "GetBucketLocation"}
OBJECT_OPERATIONS = {
    ("GET", "uploadId"): "ListParts",
    ("GET", "attributes"): "GetObjectAttributes",
    ("PUT", "uploadId"): "UploadPart",
    ("POST", "uploads"): "CreateMultipartUpload",
    ("POST", "uploadId"): "CompleteMultipartUpload",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
}
PLAIN = {"GET": "Get", "HEAD": "Head", "PUT": "Put", "DELETE": "Delete", "POST": "Post"}


class RequestLog:
    """WSGI middleware that keeps an entry per request. Those behind it find the entry in `emulator.entry`; the status is null until the reply."""

    def __init__(self, application):
        self._application = application
        self._entries = []
        self._lock = threading.Lock()

    def entries(self, key=None):
        """The requests that were replied to, or whose connection a fault closed; with a key, those that it signed."""
        with self._lock:
            return [entry for entry in self._entries if key in (None, entry["key"])]

    def clear(self):
        with self._lock:
            self._entries.clear()

    def __call__(self, environ, start_response):
        entry = environ["emulator.entry"] = describe(environ)

        def start(status, headers, *rest):
            entry["status"] = int(status.split()[0])
            self._keep(entry)
            return start_response(status, headers, *rest)

        try:
            return self._application(environ, start)
        except ConnectionAbortedError:
            entry.setdefault("status", 0)
            self._keep(entry)
            raise

    def _keep(self, entry):
        with self._lock:
            self._entries.append(entry)


def describe(environ):
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    key, region, service = signed.groups() if signed else (None, None, "s3")
    entry = {"key": key, "region": region, "service": service}
    if service == "s3":
        return {**entry, **describe_s3(environ)}
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    if "HTTP_X_AMZ_TARGET" in environ:
        ask = json.loads(body or b"{}")
        resource = "/".join(ask[name] for name in ("DatabaseName", "TableName", "Name", "JobName", "stateMachineArn", "executionArn") if name in ask)
        return {**entry, "operation": environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2], "resource": resource, "body": ask}
    rest = rest_operations.describe(service, environ["REQUEST_METHOD"], environ["PATH_INFO"], body)
    if rest:
        return {**entry, **rest}
    form = parse_qs(body.decode())
    return {**entry, "operation": form.get("Action", [""])[0], "resource": (form.get("RoleArn") or form.get("TopicArn") or [""])[0]}


def describe_s3(environ):
    method = environ["REQUEST_METHOD"]
    query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
    bucket, _, key = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace").lstrip("/").partition("/")
    operations, kind = (OBJECT_OPERATIONS, "Object") if key else (BUCKET_OPERATIONS, "Bucket")
    operation = next((name for (of, word), name in operations.items() if of == method and word in query), PLAIN.get(method, method) + kind)
    source = environ.get("HTTP_X_AMZ_COPY_SOURCE")
    if source:
        operation = "UploadPartCopy" if operation == "UploadPart" else "CopyObject"
    entry = {"operation": operation, "resource": f"{bucket}/{key}" if key else bucket}
    if operation == "ListObjectsV2":
        entry["prefix"] = query.get("prefix", [""])[0]
    if source:
        entry["source"] = unquote(source).lstrip("/")
    if "HTTP_RANGE" in environ:
        entry["range"] = environ["HTTP_RANGE"]
    return entry
