"""Names of partition folders and pins: `key=value`, as Hive and Spark write them."""
import re

from ...common.errors import ConfigurationError

# The limit of S3.
_MAX_LENGTH = 1024
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Dotless i and long s: their capitals are ASCII, and other letters to the engine.
_OWN_CASE = "\u0131\u017f"


def folded(name):
    """Equal for names that the engine takes for one but for case (OrdinalIgnoreCase of .NET): each character alone in upper case, if that
    is one character.
    """
    return name.upper() if name.isascii() else "".join(map(_fold, name))


def _fold(character):
    # A letter whose upper case is two characters may have a title case of one.
    cases = () if character in _OWN_CASE else (character.upper(), character.title())
    return next((one for one in cases if len(one) == 1), character)


def decode(text):
    """Replaces %XX by the characters that these bytes are in UTF-8. Malformed escapes stay as
    they are; + is a plus.
    """
    return _ESCAPES.sub(lambda match: _decode_bytes(match.group()), text) if "%" in text else text


def _decode_bytes(escapes):
    data, result, position = bytes.fromhex(escapes.replace("%", "")), [], 0
    while position < len(data):
        try:
            result.append(data[position:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            good, bad = position + error.start, position + error.end
            result.append(data[position:good].decode("utf-8"))
            result.append(escapes[3 * good:3 * bad])
            position = bad
    return "".join(result)


def parse_folder(name):
    """(key, value), decoded; None for a folder without a key."""
    split = name.find("=")
    return (decode(name[:split]), decode(name[split + 1:])) if split > 0 else None


def is_hidden(name):
    """Files and folders that do not hold data."""
    return name.startswith(("_", "."))


def has_hidden_part(relative):
    return any(is_hidden(part) for part in relative.split("/"))


def parse_pin(text):
    """`k=v/k=v` as [(key, value)]; None if it is not written so or a key comes twice."""
    pin = []
    for part in text.rstrip("/").split("/"):
        split = part.find("=")
        if split <= 0 or split == len(part) - 1 or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in part):
            return None
        key = decode(part[:split])
        if any(folded(key) == folded(other) for other, _ in pin):
            return None
        pin.append((key, decode(part[split + 1:])))
    return pin


def format_pin(values):
    """The text of a pin, as --partition takes it. What would end or change a part is escaped."""
    return "/".join(f"{_escape(key).replace('=', '%3D')}={_escape(text)}" for key, text in values)


def _escape(text):
    return text.replace("%", "%25").replace("/", "%2F")


def split_partitions(path):
    """The partition folders at the end of a path: 't/ano=2025/mes=9' has (('ano', '2025'),
    ('mes', '9')).
    """
    pin = []
    for part in reversed(path.rstrip("/").split("/")):
        pair = None if is_hidden(part) else parse_folder(part)
        if not pair:
            break
        pin.insert(0, pair)
    return tuple(pin)


def refuse_name(folder, path):
    """Refuses what the engine does not read by its name. An empty part is possible in S3 only.

    :param path: relative to the folder
    :raises ConfigurationError: the path is longer than a key of S3, has an empty part or a control character
    """
    problem = (f"it has more than {_MAX_LENGTH} characters" if len(path) > _MAX_LENGTH
               else "it holds a control character" if re.search("[\0-\x1f\x7f]", path)
               else "one of its parts is empty" if not all(path.split("/")) else None)
    if problem:
        shown = re.sub("[\0-\x1f\x7f]", "?", f"{folder.rstrip('/')}/{path}"[:_MAX_LENGTH])
        raise ConfigurationError(f"{shown} cannot be read by its name: {problem}; rename it", file=shown)
