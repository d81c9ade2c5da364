"""The native program inside the package."""
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import NoReturn


def program() -> Path:
    """The path of the native program. IDEXTRACTOR_PROGRAM names another one, for tests."""
    named = os.environ.get("IDEXTRACTOR_PROGRAM")
    return Path(named) if named else Path(__file__).with_name("bin") / "idextractor"


def version() -> str:
    """The version of the package; 0 for sources that are not installed."""
    try:
        return metadata.version("idextractor")
    except metadata.PackageNotFoundError:
        return "0"


def main() -> NoReturn:
    """The command `idextractor`: the program takes the place of this process, so signals and exit codes are its own."""
    path = program()
    os.execv(path, [str(path), *sys.argv[1:]])
