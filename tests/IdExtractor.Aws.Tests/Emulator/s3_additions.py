"""Conditions of copies and of completed uploads, as S3's reference describes them; moto only knows x-amz-copy-source-if-none-match on
CopyObject and If-None-Match on CompleteMultipartUpload.

- x-amz-copy-source-if-match on CopyObject and UploadPartCopy: 412 unless the source has this ETag.
- If-Match on CopyObject and CompleteMultipartUpload: 412 unless the destination has this ETag, 404 where there is no destination.
- If-None-Match: * on CopyObject: 412 where there is a destination.

ListMultipartUploads also returns when each upload started. moto returns the same day of 2010 for
all.
"""
import datetime
import functools
import threading
from urllib.parse import parse_qs, unquote, urlparse

from moto.s3.exceptions import MissingKey, PreconditionFailed
from moto.s3.models import FakeMultipart
from moto.s3.responses import S3Response

# S3 checks a condition and writes in one step.
_writing = threading.RLock()


def install():
    S3Response.copy_object = _one_at_a_time(_with_conditions(S3Response.copy_object, _check_source, _check_destination))
    S3Response.upload_part_copy = _with_conditions(S3Response.upload_part_copy, _check_source)
    S3Response.put_object = _one_at_a_time(S3Response.put_object)
    FakeMultipart.__init__ = _dated(FakeMultipart.__init__)
    S3Response.list_multipart_uploads = _with_dates(S3Response.list_multipart_uploads)
    S3Response._key_response_post = _one_at_a_time(_with_conditions(S3Response._key_response_post, _check_completion))


def _one_at_a_time(operation):
    @functools.wraps(operation)
    def locked(self, *arguments, **named):
        with _writing:
            return operation(self, *arguments, **named)

    return locked


def _with_conditions(operation, *checks):
    @functools.wraps(operation)
    def checked(self, *arguments, **named):
        for check in checks:
            check(self, *arguments, **named)
        return operation(self, *arguments, **named)

    return checked


def _dated(operation):
    @functools.wraps(operation)
    def dated(self, *arguments, **named):
        operation(self, *arguments, **named)
        self.begun = datetime.datetime.now(datetime.timezone.utc)

    return dated


def _with_dates(operation):
    @functools.wraps(operation)
    def listed(self, *arguments, **named):
        serialized = self.serialized

        def serialize(action):
            uploads = self.backend.list_multipart_uploads(self.bucket_name)
            for upload in action.result["Uploads"]:
                if upload["UploadId"] in uploads:
                    upload["Initiated"] = uploads[upload["UploadId"]].begun.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            return serialized(action)

        self.serialized = serialize
        return operation(self, *arguments, **named)

    return listed


def _check_source(self, *_):
    wanted = self.headers.get("x-amz-copy-source-if-match")
    if not wanted:
        return
    place = urlparse(self.headers["x-amz-copy-source"])
    bucket, key = unquote(place.path).lstrip("/").split("/", 1)
    version = parse_qs(place.query).get("versionId", [None])[0]
    source = self.backend.get_object(bucket, key, version_id=version)
    if source is None:
        raise MissingKey(key=key)
    if not _same(wanted, source.etag):
        raise PreconditionFailed("x-amz-copy-source-If-Match")


def _check_completion(self, request, body, bucket_name, query, key_name):
    """The same upload may be completed again: S3 answers as it did the first time."""
    existing = self.backend.get_object(bucket_name, key_name)
    is_repeated = existing is not None and existing.multipart and existing.multipart.id == query.get("uploadId", [""])[0]
    if "uploadId" in query and not is_repeated:
        _check_destination(self)


def _check_destination(self, *_):
    key = self.parse_key_name()
    existing = self.backend.get_object(self.bucket_name, key)
    wanted = self.headers.get("If-Match")
    if wanted and existing is None:
        raise MissingKey(key=key)
    if wanted and not _same(wanted, existing.etag):
        raise PreconditionFailed("If-Match")
    if self.headers.get("If-None-Match") == "*" and existing is not None:
        raise PreconditionFailed("If-None-Match")


def _same(wanted, etag):
    return wanted.strip('"') == etag.strip('"')
