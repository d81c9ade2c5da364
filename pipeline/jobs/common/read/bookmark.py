"""The bookmark: which files of a source have been read, by path, size and time."""
import json

from ..errors import ConfigurationError
from .references import place

SCHEMA = "idextractor/job-bookmark/1"


class Bookmark:
    """Loaded at the start of a run, saved after everything is published.

    A file that arrives late with an older time is unread: only files that were listed and read are in the bookmark.
    """

    def __init__(self, run, text):
        self._run = run
        self._place = place(text)
        self._files = self._load()

    def _load(self):
        content = self._run.stores.load(self._place)
        if content is None:
            return {}
        try:
            document = json.loads(content)
            if document["schema"] != SCHEMA:
                raise ValueError
            return {uri: (int(size), str(modified)) for uri, (size, modified) in document["files"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ConfigurationError(f"{self._place.text} is not a bookmark. Delete it to read all files again: that changes nothing that "
                                     "is published already", file=self._place.text) from error

    def unread(self, files):
        return [file for file in files if self._files.get(file.uri) != _stamp(file)]

    def save(self, read, listed, source=None):
        """Adds the files that were read, and forgets files below the source that are not listed any more. Nothing is below a file."""
        self._files.update((file.uri, _stamp(file)) for file in read)
        if source is not None:
            prefix, known = source.uri.rstrip("/") + "/", {file.uri for file in listed}
            self._files = {uri: stamp for uri, stamp in self._files.items() if uri in known or not uri.startswith(prefix)}
        document = {"schema": SCHEMA, "files": {uri: list(self._files[uri]) for uri in sorted(self._files)}}
        self._run.stores.write(self._place, json.dumps(document, indent=0).encode())


def _stamp(file):
    return file.size, file.modified.isoformat()
