#!/usr/bin/env python3
"""Builds the packages that Terraform uploads, into pipeline/build/:

    etl_orchestrator.zip, validate_input.zip   the Lambda functions
    pipeline_jobs.zip                          the Python package `pipeline` for the Spark jobs (--extra-py-files), if there are jobs

    python3 pipeline/tools/package.py [--output FOLDER]

The same sources give the same bytes on every machine: entries are sorted, dates and modes are fixed, and nothing is compressed, because the
bytes of Deflate depend on the zlib that Python was built with. Exit 0, or 1 if a source is missing or the folder cannot be written.
"""
import argparse
import hashlib
import io
import os
import pathlib
import sys
import tempfile
import zipfile

PIPELINE = pathlib.Path(__file__).resolve().parents[1]
FUNCTIONS = ("etl_orchestrator", "validate_input")
# The earliest date that a zip file can hold.
DATE = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE_644 = 0o100644 << 16
UNIX = 3


def main(argv=None):
    parser = argparse.ArgumentParser(description="Builds the packages of the pipeline.")
    parser.add_argument("--output", type=pathlib.Path, default=PIPELINE / "build", metavar="FOLDER")
    output = parser.parse_args(argv).output
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, files in packages().items():
            data = archive(files)
            write(output / name, data)
            print(f"{output / name}  {len(data)} bytes  sha256 {hashlib.sha256(data).hexdigest()}")
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def packages():
    """Name of each package -> {name in the package: bytes}."""
    found = {f"{name}.zip": {"lambda_function.py": (PIPELINE / "lambdas" / name / "lambda_function.py").read_bytes()} for name in FUNCTIONS}
    jobs = [path for path in (PIPELINE / "jobs").rglob("*.py") if "tests" not in path.parts[len(PIPELINE.parts):]]
    if jobs:
        package = PIPELINE / "__init__.py"
        files = {f"pipeline/{path.relative_to(PIPELINE).as_posix()}": path.read_bytes() for path in jobs}
        found["pipeline_jobs.zip"] = {**files, "pipeline/__init__.py": package.read_bytes() if package.exists() else b""}
    return found


def archive(files):
    """A zip file with these entries, the same bytes for the same entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr, entry.create_system = REGULAR_FILE_644, UNIX
            package.writestr(entry, files[name])
    return buffer.getvalue()


def write(path, data):
    """Replaces a file at once: who reads it sees the old package or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


if __name__ == "__main__":
    sys.exit(main())
