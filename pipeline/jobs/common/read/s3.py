"""Objects in S3, through boto3."""
import hashlib

from ..errors import ConfigurationError, TemporaryError
from .aws import aws_errors, code_of
from .references import Place
from .stores import DataFile


class S3Store:
    """Reads are pinned by ETag. Listings are read to the last page."""

    def __init__(self, client):
        self.client = client

    def list(self, place):
        prefix = place.path + "/" if place.path else ""
        found = list(self._pages(place, prefix))
        if not found and place.path:
            exact = self.stat(place)
            if exact is not None:
                found = [exact]
        return found

    def _pages(self, place, prefix):
        request = {"Bucket": place.bucket, "Prefix": prefix}
        seen = set()
        while True:
            with aws_errors(f"list {place.text}"):
                page = self.client.list_objects_v2(**request)
            for entry in page.get("Contents", []):
                key = entry["Key"]
                if key.endswith("/"):
                    continue
                path = key[len(prefix):]
                child = place.child(path)
                found = Place(child.text, place.bucket, key)
                yield self._file(child.text, path, found, entry["Size"], entry["LastModified"], entry["ETag"])
            token = page.get("NextContinuationToken")
            if not page.get("IsTruncated"):
                return
            if not token or token in seen:
                raise ConfigurationError(f"list {place.text}: the store's paging repeats or lacks a token")
            seen.add(token)
            request["ContinuationToken"] = token

    @staticmethod
    def _file(name, path, place, size, modified, etag):
        if not etag:
            raise ConfigurationError(f"{name}: the store returns no ETag, so its version cannot be pinned", file=name)
        return DataFile(name, path, place, size, modified, etag)

    def folders(self, place):
        """Names of the folders directly below a place."""
        prefix = place.path + "/" if place.path else ""
        request = {"Bucket": place.bucket, "Prefix": prefix, "Delimiter": "/"}
        names = []
        while True:
            with aws_errors(f"list {place.text}"):
                page = self.client.list_objects_v2(**request)
            names += [entry["Prefix"][len(prefix):].rstrip("/") for entry in page.get("CommonPrefixes", [])]
            if not page.get("IsTruncated"):
                return sorted(names)
            if page.get("NextContinuationToken") in (None, request.get("ContinuationToken")):
                raise ConfigurationError(f"list {place.text}: the store's paging repeats or lacks a token")
            request["ContinuationToken"] = page["NextContinuationToken"]

    def stat(self, place):
        with aws_errors(f"head {place.text}"):
            try:
                reply = self.client.head_object(Bucket=place.bucket, Key=place.path)
            except self.client.exceptions.ClientError as error:
                if code_of(error) in ("404", "NoSuchKey", "NotFound"):
                    return None
                raise
        return self._file(place.text, place.path.rpartition("/")[2], place, reply["ContentLength"], reply["LastModified"], reply["ETag"])

    def encryption(self, place):
        """(algorithm, ARN of the key or None) of an object."""
        with aws_errors(f"head {place.text}"):
            reply = self.client.head_object(Bucket=place.bucket, Key=place.path)
        return reply.get("ServerSideEncryption"), reply.get("SSEKMSKeyId")

    def read(self, file, offset, length):
        if length == 0:
            return b""
        with aws_errors(f"read {file.name}"):
            try:
                reply = self.client.get_object(Bucket=file.place.bucket, Key=file.place.path, IfMatch=file.version,
                                               Range=f"bytes={offset}-{offset + length - 1}")
                content = reply["Body"].read()
            except self.client.exceptions.ClientError as error:
                if code_of(error) in ("PreconditionFailed", "412", "404", "NoSuchKey"):
                    raise TemporaryError(f"{file.name} changed or disappeared while it was read; run again", file=file.name) from error
                if code_of(error) == "InvalidObjectState":
                    raise ConfigurationError(f"{file.name} is archived: restore it", file=file.name) from error
                raise
        if len(content) != length:
            raise TemporaryError(f"{file.name}: a reply of {len(content)} bytes where {length} were asked for; run again", file=file.name)
        return content

    def load(self, place):
        with aws_errors(f"read {place.text}"):
            try:
                return self.client.get_object(Bucket=place.bucket, Key=place.path)["Body"].read()
            except self.client.exceptions.ClientError as error:
                if code_of(error) in ("404", "NoSuchKey"):
                    return None
                raise

    def write(self, place, content):
        with aws_errors(f"write {place.text}"):
            self.client.put_object(Bucket=place.bucket, Key=place.path, Body=content,
                                   Metadata={"sha256": hashlib.sha256(content).hexdigest()})

    def delete(self, place):
        with aws_errors(f"delete {place.text}"):
            self.client.delete_object(Bucket=place.bucket, Key=place.path)
