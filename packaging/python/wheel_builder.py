#!/usr/bin/env python3
"""Makes the wheel of a native program, with Python's standard library alone. The same input gives the same bytes.

usage: wheel_builder.py --program FILE --out FOLDER

The platform of the wheel is read from the program: its processor, and the newest glibc that it asks for.
It is also the build backend of pip, with the program in IDEXTRACTOR_PROGRAM. SOURCE_DATE_EPOCH is the
time of the files.
"""
import argparse
import base64
import hashlib
import os
import re
import struct
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MACHINES = {62: "x86_64", 183: "aarch64"}
OLDEST_TIME = 315532800  # 1980, the first year of a zip file


def version():
    return re.search(r"<Version>([^<]+)</Version>", (ROOT / "Directory.Build.props").read_text(encoding="utf-8")).group(1)


def project(name):
    """A text of pyproject.toml. The parser of TOML is not in Python 3.9."""
    return re.search(rf'^{name} = "([^"]*)"$', (HERE / "pyproject.toml").read_text(encoding="utf-8"), re.M).group(1)


def platform_of(program):
    """The platform tag of an ELF program, as manylinux_2_34_x86_64."""
    header = program[:20]
    if header[:4] != b"\x7fELF" or header[4] != 2:
        sys.exit("the program is not a 64-bit ELF file")
    machine = MACHINES.get(struct.unpack_from("<H", header, 18)[0])
    # The names of symbol versions are in the string table of dynamic symbols.
    versions = [tuple(map(int, found.split(b"."))) for found in re.findall(rb"\0GLIBC_(2\.\d+)(?:\.\d+)?(?=\0)", program)]
    if not machine or not versions:
        sys.exit("the program is not linked with glibc for x86-64 or arm64")
    major, minor = max(versions)
    return f"manylinux_{major}_{minor}_{machine}"


def files(program):
    """(name in the wheel, bytes, mode) of everything but RECORD."""
    package = [path for path in sorted((HERE / "idextractor").iterdir()) if path.suffix == ".py" or path.name == "py.typed"]
    tag = f"py3-none-{platform_of(program)}"
    about = f"idextractor-{version()}.dist-info"
    metadata = (
        f"Metadata-Version: 2.4\nName: idextractor\nVersion: {version()}\nSummary: {project('description')}\nLicense-Expression: {project('license')}\n"
        f"License-File: LICENSE\nLicense-File: THIRD-PARTY-NOTICES.txt\nRequires-Python: {project('requires-python')}\n"
        f"Classifier: Operating System :: POSIX :: Linux\nClassifier: Typing :: Typed\nDescription-Content-Type: text/markdown\n\n{(HERE / 'README.md').read_text(encoding='utf-8')}")
    return tag, [
        *((f"idextractor/{path.name}", path.read_bytes(), 0o644) for path in package),
        ("idextractor/bin/idextractor", program, 0o755),
        (f"{about}/METADATA", metadata.encode(), 0o644),
        (f"{about}/WHEEL", f"Wheel-Version: 1.0\nGenerator: idextractor\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644),
        (f"{about}/entry_points.txt", b"[console_scripts]\nidextractor = idextractor._program:main\n", 0o644),
        *((f"{about}/licenses/{name}", (ROOT / name).read_bytes(), 0o644) for name in ("LICENSE", "THIRD-PARTY-NOTICES.txt")),
    ]


def make(program, folder):
    """Writes the wheel and returns its path."""
    tag, content = files(Path(program).read_bytes())
    digest = lambda data: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    record = f"idextractor-{version()}.dist-info/RECORD"
    lines = [f"{name},sha256={digest(data)},{len(data)}" for name, data, _ in content] + [f"{record},,"]
    content.append((record, ("\n".join(lines) + "\n").encode(), 0o644))
    moment = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH") or OLDEST_TIME), OLDEST_TIME))[:6]
    path = Path(folder) / f"idextractor-{version()}-{tag}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, data, mode in content:
            info = zipfile.ZipInfo(name, moment)
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            wheel.writestr(info, data)
    return path


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """The hook that pip calls (PEP 517)."""
    program = os.environ.get("IDEXTRACTOR_PROGRAM")
    if not program:
        raise RuntimeError("IDEXTRACTOR_PROGRAM names the native program that the wheel contains; dotnet publish makes it")
    return make(program, wheel_directory).name


def main():
    parser = argparse.ArgumentParser(description="Makes the wheel of a native program.")
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    print(make(arguments.program, arguments.out))


if __name__ == "__main__":
    main()
