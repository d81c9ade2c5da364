"""The tests' requirements other than Python: found, or a reason to skip.

Where nothing may be skipped, a missing part is a failure.
"""
import functools
import importlib.util
import os
import pathlib
import shutil
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
INSTALL_TERRAFORM = "install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install"
INSTALL_MIRROR = "terraform -chdir=pipeline/terraform/environments/dev providers mirror FOLDER; export TF_PLUGIN_MIRROR=FOLDER"
INSTALL_MOTO = "pip install 'moto[server]==5.2.1' boto3"
INSTALL_SPARK = "pip install pyspark==3.5.6, and Java 17"
INSTALL_STATELINT = "npm install --no-package-lock --prefix pipeline/tests"
MODULES = ("moto", "flask", "boto3")
# Below the name of a registry.
PROVIDER = "*/hashicorp/aws"


def is_mandatory():
    """Nothing may be skipped: CI is true, or IDEXTRACTOR_REQUIRE_EMULATOR is set."""
    return os.environ.get("CI") == "true" or bool(os.environ.get("IDEXTRACTOR_REQUIRE_EMULATOR"))


@functools.lru_cache
def mirror():
    """The folder that holds the mirrored provider, as REGISTRY/hashicorp/aws; None: not found.

    TF_PLUGIN_MIRROR, otherwise where programs keep such folders.
    """
    named = os.environ.get("TF_PLUGIN_MIRROR")
    if named:
        return pathlib.Path(named) if is_mirror(pathlib.Path(named)) else None
    home = pathlib.Path.home()
    usual = [
        home / ".terraform.d" / "plugins", home / ".local/share/terraform/plugins", pathlib.Path("/usr/local/share/terraform/plugins"),
    ]
    parents = [pathlib.Path(name) for name in ("/opt", "/usr/share", "/usr/local", "/usr/local/share", "/var/lib", "/srv")] + [home]
    nearby = [folder for parent in parents for pattern in ("*", "*/*") for folder in sorted(parent.glob(pattern))]
    return next((folder for folder in [*usual, *parents, *nearby] if is_mirror(folder)), None)


def is_mirror(folder):
    try:
        return any(path.is_dir() for path in folder.glob(PROVIDER))
    except OSError:
        return False


def has_spark():
    """An importable pyspark, a folder in IDEXTRACTOR_SPARK, or an installer next to the repository."""
    installer = TESTS.parents[1].parent / "shared" / "spark" / "install"
    return bool(importlib.util.find_spec("pyspark") or os.environ.get("IDEXTRACTOR_SPARK") or os.access(installer, os.X_OK))


@functools.lru_cache
def statelint():
    """The command of the linter for state machines; None: not found."""
    return shutil.which("statelint", path=os.pathsep.join([str(TESTS / "node_modules" / ".bin"), os.environ.get("PATH", "")]))


def missing(*parts):
    """Why tests that need these parts (terraform, provider, moto, spark, statelint) cannot run; None when they can."""
    checks = {
        "terraform": lambda: None if shutil.which("terraform") else f"terraform is not on the PATH ({INSTALL_TERRAFORM})",
        "provider": lambda: None if mirror() else f"no mirror of the aws provider is found ({INSTALL_MIRROR})",
        "moto": lambda: None if all(map(importlib.util.find_spec, MODULES)) else f"moto is not installed ({INSTALL_MOTO})",
        "spark": lambda: None if has_spark() and shutil.which("java") else f"Spark is not installed ({INSTALL_SPARK})",
        "statelint": lambda: None if statelint() else f"statelint is not installed ({INSTALL_STATELINT})",
    }
    return next((reason for reason in (checks[part]() for part in parts) if reason), None)


def needs(*parts):
    """Class decorator: skips the tests with the reason where a part is missing, and fails them where nothing may be skipped."""

    def decorate(case):
        reason = missing(*parts)
        if reason is None:
            return case
        if not is_mandatory():
            return unittest.skip(reason)(case)

        def fail(cls):
            raise AssertionError(f"{reason}; CI=true and IDEXTRACTOR_REQUIRE_EMULATOR forbid to skip")

        case.setUpClass = classmethod(fail)
        return case

    return decorate
