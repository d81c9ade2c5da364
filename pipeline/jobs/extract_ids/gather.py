"""Gathers options as the engine does: from the command line, the environment (IDEXTRACTOR_TABLE_A) and a config file, in this order of
precedence.
"""
import argparse
import json
import os
import re

from ..common.errors import ConfigurationError, JobError, UsageError, masked
from ..common.run.options import add_common_options
from . import misspelt
from .misspelt import variable
from .options import add_options, flag, name

MAX_CONFIG_BYTES = 1 << 20
# Of the options of every job, those that the engine has too.
_SHARED = ("report", "log", "quiet", "endpoint-url", "region")
# One environment or config file may serve all commands of the engine: name -> whether a file may give a number.
_OF_OTHER_COMMANDS = {"from": False, "stage": False, "html": False, "keep-days": True, "keep-versions": True}
_SHORT = {"-q": "--quiet=true", "-v": "--log-level=info", "-vv": "--log-level=debug"}
HELP = "--help"
# Strings come first, so that // in one does not start a comment. A string or comment that is not closed runs to the end of the file, so that
# it is scanned once.
_TEXT_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*(?:"|\Z)|//[^\r\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)


class _Number(str):
    """A number of a config file as it is written: 0.00001 stays that."""


def expand(arguments):
    """Every option as --name=value, in the order of precedence. Returns them, and the error that ends the run or None. With an error they
    are those that could be gathered, of which --report says where to report it.
    """
    known = Known()
    try:
        words, error = _read(known, arguments), None
        if words == [HELP]:
            return words, None
        misspelt.refuse(os.environ, known.variables)
    except UsageError as wrong:
        words, error = [re.sub("^(--[^=:]+):", r"\1=", word) for word in arguments], wrong
    given = {word[2:].partition("=")[0] for word in words if word.startswith("--")}
    added, wrong = _from_elsewhere(known, words)
    words += [f"--{option}={text}" for option, text in added.items() if option not in given]
    for wrong in (wrong, *map(_refused, words)):
        error = error or wrong
    try:
        return [one for word in words for one in _quiet(word)], error
    except argparse.ArgumentTypeError as wrong:
        return words, error or UsageError(f"--quiet: {wrong}")


class Known:
    """The options of the job.

    takes_value  name -> False for a flag, which may come without one
    elsewhere    those of the environment and of config files: name -> whether a file may give a number, None where it gives true or false
    variables    the environment variables that the engine or the twin knows
    """

    def __init__(self):
        parser = argparse.ArgumentParser(add_help=False)
        add_options(parser)
        own = {_option(action): action for action in parser._actions}
        flags = {option for option, action in own.items() if action.nargs == "?"} | {"quiet"}
        add_common_options(parser)
        self.takes_value = {option: option not in flags for option in map(_option, parser._actions)}
        self.elsewhere = {option: None if option in flags else option in own and getattr(own[option].type, "takes_numbers", False)
                          for option in (*own, *_SHARED)}
        self.variables = [variable(option) for option in (*self.elsewhere, *_OF_OTHER_COMMANDS)]


def _option(action):
    return action.option_strings[0][2:]


def _read(known, arguments):
    """The command line as --name=value, or [--help]. A value may follow its option; it may begin with a dash.

    :raises UsageError: an unknown option, one without its value or given twice, or a word too many
    """
    result, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("-h", HELP):
            return [HELP]
        if word == "--" and not rest:
            break
        if word in _SHORT:
            # The same short form twice is harmless.
            result += [_SHORT[word]] if word not in arguments[:len(arguments) - len(rest) - 1] else []
            continue
        option, value = re.fullmatch("(?:--([^=:]+))?[=:]?(.*)", word, re.DOTALL).groups()
        if option not in known.takes_value:
            what = masked(word.partition("=")[0]) if word.startswith("-") else "a word without an option"
            raise UsageError(f"{what} is not expected: extract_ids takes the options that --help lists")
        if value or (rest and not _is_option(rest[0])):
            result.append(f"--{option}={value or rest.pop(0)}")
        elif known.takes_value[option]:
            raise UsageError(f"--{option} has no value")
        else:
            result.append(f"--{option}=true")
    options = [word.partition("=")[0] for word in result]
    for option in options:
        if options.count(option) > 1 and option != "--spark-conf":
            raise UsageError(f"{option} is given more than once (-q is --quiet, -v and -vv are --log-level)")
    return result


def _is_option(word):
    return word.startswith("--") or word in _SHORT or word == "-h"


def _from_elsewhere(known, words):
    """({name: text} of the config file and the environment, the error of the file or None)"""
    added = {}
    config = _value_of(words, "--config") or os.environ.get(variable("config"))
    error = _refused(f"--config={config}") if config else None
    if config and error is None:
        try:
            added = _read_config(name(config), known.elsewhere)
        except argparse.ArgumentTypeError as wrong:
            error = UsageError(f"--config: {wrong}")
        except JobError as wrong:
            error = wrong
    for option in known.elsewhere:
        text = os.environ.get(variable(option))
        if text and option != "config":
            added[option] = text
    return added, error


def _value_of(words, option):
    """Of a command line that may be broken; None if it is not there."""
    for word, following in zip(words, (*words[1:], None)):
        if word == option:
            return following
        if word.startswith(option + "="):
            return word.partition("=")[2]
    return None


def _refused(word):
    """The error of a value that no option takes, or None."""
    placeholder = re.search(r"(?<![A-Za-z0-9_])(Ref::[A-Za-z0-9_.-]*)", word)
    if placeholder:
        return UsageError(f"{placeholder[1]} is a placeholder of AWS Batch that was not replaced; give the job this parameter")
    if any("\ud800" <= character <= "\udfff" for character in word):
        return UsageError(f"The value of {word.partition('=')[0]} is not UTF-8")
    return None


def _quiet(word):
    """A word as the parser takes it, in which --quiet has no value. Raises ArgumentTypeError."""
    option, equals, text = word.partition("=")
    return [word] if option != "--quiet" or not equals else ["--quiet"] if flag(text) else []


def _read_config(path, elsewhere):
    """{name: text} of a file.

    :raises ConfigurationError: it cannot be read
    :raises UsageError: it is not JSON, or has an entry that is unknown, comes twice or is of another type
    """
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_CONFIG_BYTES + 1)
    except OSError as error:
        path = masked(path)
        raise ConfigurationError(f"The config file {path} cannot be read: {error.strerror}; check --config and IDEXTRACTOR_CONFIG",
                                 file=path) from None
    if len(data) > MAX_CONFIG_BYTES:
        raise UsageError(f"The config file {path} is longer than {MAX_CONFIG_BYTES} bytes")
    try:
        text = _TEXT_OR_COMMENT.sub(_without_comment, data.decode("utf-8-sig"))
        entries = json.loads(text, object_pairs_hook=list, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UsageError(f"The config file {path} is not JSON") from None
    if not isinstance(entries, list) or not text.lstrip().startswith("{"):
        raise UsageError(f"The config file {path} is not a JSON object")
    values = {}
    for entry, value in entries:
        if entry == "$schema":
            continue
        if entry == "config" or entry not in elsewhere and entry not in _OF_OTHER_COMMANDS:
            raise UsageError(f"The config file {path} has the entry {masked(repr(entry))}, which is not an option")
        if entry in values:
            raise UsageError(f"The config file {path} has the entry {entry!r} twice")
        values[entry] = _text_of(path, entry, value, elsewhere[entry] if entry in elsewhere else _OF_OTHER_COMMANDS[entry])
    return {entry: text for entry, text in values.items() if entry in elsewhere}


def _without_comment(found):
    """Keeps strings, and a comment that is not closed, so that the JSON parser refuses it."""
    is_open = found[0].startswith("/*") and (len(found[0]) < 4 or not found[0].endswith("*/"))
    return found[0] if found[0][0] == '"' or is_open else " "


def _no_constant(text):
    raise ValueError(f"{text} is not JSON")


def _text_of(path, entry, value, may_be_number):
    if may_be_number is None:
        if isinstance(value, bool):
            return str(value).lower()
        raise UsageError(f"The entry {entry!r} of config file {path} takes true or false without quotes")
    if not isinstance(value, str) or (isinstance(value, _Number) and not may_be_number):
        raise UsageError(f"The entry {entry!r} of config file {path} takes text{' or a number' if may_be_number else ''}")
    return str(value)
