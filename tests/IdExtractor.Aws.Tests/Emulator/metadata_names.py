"""Object metadata whose names hold an underscore. S3 keeps them; WSGI turns dashes into underscores and therefore drops headers that have some."""
import moto.s3.responses

PREFIX = "x-amz-meta-"
# A dot passes through WSGI and through moto, and no metadata name of the tests has one.
STAND_IN = ".u."


def keep(headers, environ):
    """Adds to a WSGI environment the metadata headers that it lacks, with a stand-in for each underscore."""
    for name, value in headers:
        if "_" in name and name.lower().startswith(PREFIX):
            key = "HTTP_" + name.replace("_", STAND_IN).upper().replace("-", "_")
            environ[key] = value


def install():
    """Puts the underscores back where moto reads the metadata of a request."""
    original = moto.s3.responses.metadata_from_headers

    def metadata_from_headers(headers):
        metadata = original(headers)
        for name in [name for name in metadata if STAND_IN in name]:
            metadata[name.replace(STAND_IN, "_")] = metadata.pop(name)
        return metadata

    moto.s3.responses.metadata_from_headers = metadata_from_headers
