"""Publishing in S3: a conditional copy per file.

The copy is a multipart upload of one part or more, at every size. CompleteMultipartUpload takes If-Match and If-None-Match on all stores
that have conditions at all; CopyObject takes them on few, and the others ignore them without an error.
"""
import concurrent.futures
import re

from ..errors import TemporaryError
from ..read.aws import aws_errors, code_of
from ..read.references import Place
from .publication import STAGING, Publication

PART_BYTES = 256 << 20
PART_THREADS = 8
RUN_METADATA = "idextractor-run"
MARK = "_run"
RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")


class S3Publication(Publication):
    """There is no lock: the condition of put() decides which of two runs wins. The other ends with exit code 75."""

    part_bytes = PART_BYTES
    _is_marked = False

    def _staging_place(self):
        return self._root().child(self.run.run_id)

    def _root(self):
        """s3://bucket/_staging/prefix, outside of what is crawled."""
        key = f"{STAGING}/{self.place.path}".rstrip("/")
        return Place(f"s3://{self.place.bucket}/{key}", self.place.bucket, key)

    @property
    def _store(self):
        return self.run.stores.of(self.place)

    @property
    def _client(self):
        return self._store.client

    def lock(self):
        """Marks the staging as that of a run. The mark's name is the first of all, so it goes before what else is there."""
        self._store.write(self.staging.child(MARK), b"")
        self._is_marked = True

    def clean(self):
        """Removes all other staging of this target; that of targets below it has other folders in between.

        A run that is alive loses its staged files, finds its mark missing and ends with exit code 75; it never publishes a part of them.
        """
        left = [file for file in self._store.list(self._root())
                if RUN_ID.fullmatch(file.path.partition("/")[0]) and not file.path.startswith(self.run.run_id + "/")]
        if left:
            self.run.log.info(f"removing {len(left)} files that earlier runs left in {self._root().text}")
            self._delete_all(left)

    def release(self):
        self.remove_staging()

    def is_lost(self):
        try:
            return self._is_marked and self._store.stat(self.staging.child(MARK)) is None
        except Exception:  # nothing is known then: the first error is the one to report
            return False

    def remove_staging(self):
        self._is_marked = False
        try:
            self._delete_all(self._store.list(self.staging))
        except Exception as error:  # the next run cleans
            self.run.log.warning(f"{self.staging.text} was not removed ({type(error).__name__}); the next run removes it")

    def _delete_all(self, files):
        for start in range(0, len(files), 1000):
            objects = [{"Key": file.place.path} for file in files[start:start + 1000]]
            with aws_errors(f"delete below {self._root().text}"):
                reply = self._client.delete_objects(Bucket=self.place.bucket, Delete={"Objects": objects, "Quiet": True})
            if reply.get("Errors"):
                code = reply["Errors"][0].get("Code", "")
                self.run.log.warning(f"{len(reply['Errors'])} files below {self._root().text} were not removed ({code})")

    def put(self, staged, place, current):
        with aws_errors(f"publish {place.text}"):
            upload = self._client.create_multipart_upload(Bucket=place.bucket, Key=place.path, Metadata={RUN_METADATA: self.run.run_id})
        names = {"Bucket": place.bucket, "Key": place.path, "UploadId": upload["UploadId"]}
        completed = False
        try:
            parts = self._copy_parts(staged, place, names)
            self._complete(place, names, parts, current, staged.size)
            completed = True
        finally:
            if not completed:
                self._abort(place, names)

    def _copy_parts(self, staged, place, names):
        source = {"Bucket": staged.place.bucket, "Key": staged.place.path}
        ranges = [(start, min(start + self.part_bytes, staged.size) - 1) for start in range(0, staged.size, self.part_bytes)]

        def copy(number):
            first, last = ranges[number]
            whole = {} if len(ranges) == 1 else {"CopySourceRange": f"bytes={first}-{last}"}
            with aws_errors(f"copy {staged.name}"):
                try:
                    reply = self._client.upload_part_copy(CopySource=source, CopySourceIfMatch=staged.version, PartNumber=number + 1,
                                                          **names, **whole)
                except self._client.exceptions.ClientError as error:
                    if code_of(error) in ("NoSuchKey", "404", "PreconditionFailed", "412"):
                        raise TemporaryError(f"staging of {place.text} is gone: another run has started; run again") from error
                    raise
            return {"PartNumber": number + 1, "ETag": reply["CopyPartResult"]["ETag"]}

        with concurrent.futures.ThreadPoolExecutor(PART_THREADS) as pool:
            return list(pool.map(copy, range(len(ranges))))

    def _complete(self, place, names, parts, current, size):
        request = {**names, "MultipartUpload": {"Parts": parts}}
        header, value = ("If-None-Match", "*") if current is None else ("If-Match", current.version)
        try:
            with aws_errors(f"publish {place.text}"):
                try:
                    _with_condition(self._client, header, value)(**request)
                except self._client.exceptions.ClientError as error:
                    if code_of(error) in ("NoSuchKey", "404"):  # the answer to If-Match where there is no object
                        raise TemporaryError(f"{place.text} was deleted by another writer during this run; run again",
                                             file=place.text) from error
                    raise
        except Exception:
            # The reply may have been lost, or a repeated request refused because the first one had done its work.
            if self._is_ours(place, size):
                return
            raise

    def _is_ours(self, place, size):
        try:
            found = self._client.head_object(Bucket=place.bucket, Key=place.path)
        except Exception:  # nothing is known then: the first error is the one to report
            return False
        return found.get("Metadata", {}).get(RUN_METADATA) == self.run.run_id and found["ContentLength"] == size

    def _abort(self, place, names):
        try:
            self._client.abort_multipart_upload(**names)
        except Exception as error:  # the bucket's lifecycle rule removes it
            if code_of(error) != "NoSuchUpload":
                self.run.log.warning(f"an upload of {place.text} was not aborted ({type(error).__name__})")

    def delete(self, file):
        self._store.delete(file.place)


def _with_condition(client, header, value):
    """complete_multipart_upload with a condition, also in SDKs that do not know the parameter (Glue 5.0 has such a one)."""
    parameter = header.replace("-", "")
    if parameter in client.meta.service_model.operation_model("CompleteMultipartUpload").input_shape.members:
        return lambda **request: client.complete_multipart_upload(**request, **{parameter: value})

    def conditional(**request):
        def add(params, **_):
            params["headers"][header] = value
        event = "before-call.s3.CompleteMultipartUpload"
        client.meta.events.register(event, add)
        try:
            return client.complete_multipart_upload(**request)
        finally:
            client.meta.events.unregister(event, add)
    return conditional
