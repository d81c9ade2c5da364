"""What was asked of the emulator, for tests to read at GET /emulator/requests: service, operation, resource, status, and whose key signed it."""
import io
import json
import re
import threading
from urllib.parse import parse_qs, unquote

ADDRESS = "/emulator/requests"
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
    """WSGI middleware. Asking for the log is not logged; `?key=ID` keeps the requests that this access key signed."""

    def __init__(self, application):
        self._application = application
        self._entries = []
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == ADDRESS:
            return self._answer(environ, start_response)
        entry = describe(environ)

        def start(status, headers, *rest):
            entry["status"] = int(status.split()[0])
            with self._lock:
                self._entries.append(entry)
            return start_response(status, headers, *rest)

        return self._application(environ, start)

    def _answer(self, environ, start_response):
        key = parse_qs(environ["QUERY_STRING"]).get("key", [None])[0]
        with self._lock:
            entries = [entry for entry in self._entries if key in (None, entry["key"])]
        body = json.dumps(entries).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


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
        resource = "/".join(ask[name] for name in ("DatabaseName", "TableName", "Name") if name in ask)
        return {**entry, "operation": environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2], "resource": resource, "body": ask}
    form = parse_qs(body.decode())
    return {**entry, "operation": form.get("Action", [""])[0], "resource": form.get("RoleArn", [""])[0]}


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
