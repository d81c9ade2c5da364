"""Compares a bill of materials with what is known from elsewhere. Prints what differs, and ends with 1 then.

    sbom.py packages FILE              the packages of the lock file that are part of the program, and no others
    sbom.py libraries FILE PROGRAM     the C libraries that the program reports
"""
import json
import re
import subprocess
import sys

BUILD_ONLY = {"Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks"}


def packages(parts):
    with open("src/IdExtractor/packages.lock.json", encoding="utf-8") as file:
        lock = json.load(file)["dependencies"]["net10.0"]
    shipped = {name: entry["resolved"] for name, entry in lock.items() if entry["type"] != "Project" and name not in BUILD_ONLY}
    wanted = {f"pkg:nuget/{name}@{version}" for name, version in shipped.items()}
    found = {part["purl"] for part in parts if part["purl"].startswith("pkg:nuget/")}
    return sorted(wanted ^ found) or None if wanted else "the lock file has no packages"


def libraries(parts, program):
    text = subprocess.run([program, "--version"], check=True, capture_output=True, encoding="utf-8").stdout
    versions = {part["name"]: part["version"] for part in parts}
    zstd = re.search(r"zstd +libzstd ([\d.]+), part of the program", text)
    runtime = re.search(r"runtime +\.NET ([\d.]+)", text)
    if not zstd or not runtime or not re.search(r"gzip +libdeflate, part of the program", text):
        return f"the program reports\n{text}"
    wanted = {"libzstd": zstd[1], ".NET runtime": runtime[1]}
    if any(versions.get(name) != version for name, version in wanted.items()) or "libdeflate" not in versions:
        return f"{versions} differs from {wanted}"
    return None


def main():
    what, path, *rest = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        parts = json.load(file)["components"]
    sys.exit({"packages": packages, "libraries": libraries}[what](parts, *rest))


main()
