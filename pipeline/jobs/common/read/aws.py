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

OPTIONS = ("endpoint_url", "region", "path_style", "request_payer", "expected_bucket_owner", "sse", "kms_key_id", "assume_role")


class Aws:
    """Clients made on first use, from the SDK's own chain and the AWS options. Only extract_ids has all of these."""

    def __init__(self, options):
        self._given = {name: getattr(options, name, None) for name in OPTIONS}
        self._lock = threading.Lock()

    @functools.cached_property
    def s3(self):
        client = self._client("s3", s3={"addressing_style": "path"} if self._given["path_style"] else None)
        client.meta.events.register("provide-client-params.s3", self._add_parameters)
        return client

    @functools.cached_property
    def glue(self):
        return self._client("glue")

    def _client(self, service, **more):
        try:
            import boto3
            import botocore.config
        except ImportError as error:
            raise ConfigurationError("s3://, glue:// and --register need boto3: pip install boto3") from error
        settings = botocore.config.Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=10, read_timeout=60,
                                          max_pool_connections=32, **more)
        where = {"endpoint_url": self._given["endpoint_url"], "region_name": self._given["region"]}
        with aws_errors(service), self._lock:
            session = boto3.session.Session()
            if self._given["assume_role"]:
                session = boto3.session.Session(botocore_session=_in_role(self._given["assume_role"], where))
            return session.client(service, config=settings, **where)

    def _add_parameters(self, params, model, **_):
        """The request with what the options ask for, where the operation takes it."""
        sse, key = encryption_of(self._given["sse"], self._given["kms_key_id"])
        wanted = {"RequestPayer": "requester" if self._given["request_payer"] else None, "ServerSideEncryption": sse, "SSEKMSKeyId": key,
                  "ExpectedBucketOwner": self._given["expected_bucket_owner"]}
        takes = model.input_shape.members
        return {**params, **{name: value for name, value in wanted.items() if value and name in takes}}


def encryption_of(sse, key):
    """(algorithm, key) of --sse and --kms-key-id, which implies aws:kms."""
    return sse or ("aws:kms" if key else None), key


def _in_role(role, where):
    """A session with the role's credentials, refreshed before they expire."""
    import botocore.session
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.exceptions import NoCredentialsError
    session = botocore.session.get_session()
    own = session.get_credentials()
    if own is None:
        raise NoCredentialsError()
    fetcher = AssumeRoleCredentialFetcher(functools.partial(session.create_client, **where), own, role,
                                          extra_args={"RoleSessionName": "idextractor"})
    session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    return session


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
