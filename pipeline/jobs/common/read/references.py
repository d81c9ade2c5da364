"""References: local paths, file://, s3://bucket/prefix/ and glue://database/table."""
import dataclasses
import os
import re
import urllib.parse

from ..errors import ConfigurationError, UsageError, masked


@dataclasses.dataclass(frozen=True)
class Place:
    """A folder or a file, on disk or in S3.

    text    as the user wrote it, for messages
    bucket  '' on disk
    path    absolute path on disk; key or prefix without the last slash in S3
    """

    text: str
    bucket: str
    path: str

    @property
    def is_s3(self):
        return self.bucket != ""

    @property
    def uri(self):
        """What Spark and the catalog understand. Characters are literal: Hadoop's Path does not decode."""
        return f"s3://{self.bucket}/{self.path}" if self.is_s3 else f"file://{self.path}"

    def child(self, relative):
        """The place below this one. `Place('s3://b/x/', 'b', 'x').child('y')` is s3://b/x/y."""
        text = self.text.rstrip("/") + "/" + relative
        if self.is_s3:
            return Place(text, self.bucket, f"{self.path}/{relative}" if self.path else relative)
        return Place(text, "", self.path.rstrip("/") + "/" + relative)

    def sibling(self, suffix):
        """The place next to this one whose name ends in suffix: /data/silver -> /data/silver_quarantine."""
        if not self.path.strip("/"):
            raise UsageError(f"{self.text} has no place next to it for {suffix.lstrip('_')}: name one")
        return Place(self.text.rstrip("/") + suffix, self.bucket, self.path + suffix)

    def contains(self, other):
        """Whether other is this place or below it, links followed."""
        return self.below(other) is not None

    def below(self, other):
        """Path of other relative to this place, links followed; '' for the place itself, None if it is elsewhere."""
        if self.bucket != other.bucket:
            return None
        mine, theirs = (self.path, other.path) if self.is_s3 else (os.path.realpath(self.path), os.path.realpath(other.path))
        prefix = mine.rstrip("/") + "/" if mine else ""
        return "" if theirs == mine else theirs[len(prefix):] if theirs.startswith(prefix) else None


@dataclasses.dataclass(frozen=True)
class TableReference:
    """glue://database/table"""

    text: str
    database: str
    table: str
    catalog_id: str = None


def parse(text):
    """A Place or a TableReference. Raises UsageError for other forms."""
    if text.startswith("glue://"):
        return _table(text)
    return place(text)


def place(text):
    """A Place: everything but glue://."""
    if not text or "\0" in text:
        raise UsageError("an empty reference: expected a path, file://, s3://bucket/prefix/ or glue://database/table")
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise UsageError(f"a reference with half of a character, which no name has: {masked(ascii(text))}") from None
    if text.startswith("glue://"):
        raise UsageError(f"{masked(text)}: glue:// is for input only")
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", text)
    scheme = match.group(1).lower() if match else ""
    if scheme in ("s3", "s3a", "s3n"):
        bucket, _, key = text.split("://", 1)[-1].partition("/") if "://" in text else ("", "", "")
        if not bucket:
            raise UsageError(f"{masked(text)}: expected s3://bucket/prefix/")
        return Place(text, bucket, key.rstrip("/"))
    if scheme == "file":
        rest = text[len("file:"):]
        if rest.startswith("//"):
            host, slash, path = rest[2:].partition("/")
            if host not in ("", "localhost") or not slash:
                raise UsageError(f"{masked(text)}: expected file:///absolute/path")
            rest = "/" + path
        return Place(text, "", os.path.normpath(rest).replace("//", "/"))
    if scheme and "://" in text:
        raise UsageError(f"{masked(text)}: expected a path, file://, s3://bucket/prefix/ or glue://database/table")
    return Place(text, "", os.path.abspath(text))


def location(text, what):
    """The place of a catalog's Location. Unlike options, a wrong one is a fault of the catalog."""
    try:
        return place(text)
    except UsageError as error:
        raise ConfigurationError(f"{what} has the Location {text or '(none)'}, which is neither s3:// nor file://") from error


def _table(text):
    rest, _, query = text[len("glue://"):].partition("?")
    parts = [urllib.parse.unquote(part) for part in rest.rstrip("/").split("/")]
    if len(parts) != 2 or not all(parts):
        raise UsageError(f"{masked(text)}: expected glue://database/table")
    catalog = urllib.parse.parse_qs(query).get("catalog", [None])[0]
    return TableReference(text, parts[0], parts[1], catalog)
