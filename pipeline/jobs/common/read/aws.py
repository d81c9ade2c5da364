"""AWS clients, and their errors as typed ones. The only module that imports boto3."""
import contextlib
import functools
import threading

from ..errors import ConfigurationError, JobError, TemporaryError

DENIED = {"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch",
          "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken",
          "KMS.DisabledException", "KMS.AccessDeniedException"}
MISSING = {"NoSuchBucket", "NoSuchKey", "404", "NotFound", "EntityNotFoundException"}
LOST = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409", "ConcurrentModificationException", "OperationAborted"}
TEMPORARY = {"SlowDown", "InternalError", "InternalServiceException", "ServiceUnavailable", "Throttling", "ThrottlingException",
             "RequestTimeout", "RequestTimeTooSkewed", "OperationTimeoutException", "RequestLimitExceeded", "500", "502", "503", "504"}


class Aws:
    """Clients made on first use, from the SDK's own chain."""

    def __init__(self, endpoint_url=None, region=None):
        self._endpoint_url = endpoint_url
        self._region = region
        self._lock = threading.Lock()

    @functools.cached_property
    def s3(self):
        return self._client("s3")

    @functools.cached_property
    def glue(self):
        return self._client("glue")

    def _client(self, service):
        try:
            import boto3
            import botocore.config
        except ImportError as error:
            raise ConfigurationError("s3://, glue:// and --register need boto3: pip install boto3") from error
        settings = botocore.config.Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=10, read_timeout=60,
                                          max_pool_connections=32)
        with aws_errors(service), self._lock:
            return boto3.session.Session().client(service, endpoint_url=self._endpoint_url, region_name=self._region, config=settings)


def code_of(error):
    """The service's error code, 'NoSuchKey', or ''."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def aws_errors(what):
    """Turns errors of the SDK into typed ones. `what` is what was tried: 'list s3://b/x'."""
    try:
        yield
    except JobError:
        raise
    except Exception as error:
        raise typed(error, what) from error


def typed(error, what):
    """The typed error for an exception of the SDK, or the exception itself if it is none of its."""
    import botocore.exceptions as sdk
    if isinstance(error, sdk.ClientError):
        code = code_of(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in DENIED or status in (401, 403):
            return ConfigurationError(f"{what}: {code}. Check the permissions and credentials of this run")
        if code in MISSING:
            return ConfigurationError(f"{what}: does not exist ({code})")
        if code in LOST:
            return TemporaryError(f"{what}: changed by another process ({code}); run again")
        if code in TEMPORARY or status >= 500 or status == 429:
            return TemporaryError(f"{what}: {code}; run again")
        return ConfigurationError(f"{what}: {code}")
    if isinstance(error, (sdk.EndpointConnectionError, sdk.ConnectionClosedError, sdk.HTTPClientError, sdk.ResponseStreamingError,
                          sdk.IncompleteReadError)):
        return TemporaryError(f"{what}: {type(error).__name__}; run again")
    if isinstance(error, (sdk.BotoCoreError, ValueError)):
        # NoCredentialsError, NoRegionError, ProfileNotFound, a malformed endpoint: all of them stay until a person acts.
        return ConfigurationError(f"{what}: {type(error).__name__}. Check the region, endpoint and credentials of this run")
    return error
