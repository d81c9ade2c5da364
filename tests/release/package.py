"""Checks a package of the release: package.py FILE. Prints what is wrong, and ends with 1 then."""
import re
import sys
import zipfile
from pathlib import Path

EMBEDDED_SYMBOLS = b"MPDB"


def problems(path):
    name, version = re.fullmatch(r"(IdExtractor\.[A-Za-z]+)\.(\d.*)\.nupkg", path.name).groups()
    package = zipfile.ZipFile(path)
    names = set(package.namelist())
    if name == "IdExtractor.Tool":
        folder = "tools/net10.0/any/"
        wanted = {"README.md", *(folder + file for file in ("LICENSE", "THIRD-PARTY-NOTICES.txt", "DotnetToolSettings.xml"))}
        assemblies = [folder + "idextractor.dll", folder + "IdExtractor.Core.dll"]
    else:
        wanted = {"README.md", "LICENSE", f"lib/net10.0/{name}.xml"}
        assemblies = [f"lib/net10.0/{name}.dll"]
    for missing in sorted(wanted - names):
        yield f"there is no {missing}"
    for assembly in assemblies:
        if assembly not in names:
            yield f"there is no {assembly}"
        elif EMBEDDED_SYMBOLS not in package.read(assembly):
            yield f"{assembly} has no symbols"
    text = package.read(f"{name}.nuspec").decode()
    for other, need in re.findall(r'<dependency id="(IdExtractor\.\w+)" version="([^"]+)"', text):
        if need != f"[{version}]":
            yield f"{other} is needed in {need}, not in exactly {version}"
    for word in ("description", "license", "readme"):
        if f"<{word}" not in text:
            yield f"the package states no {word}"


def main():
    found = list(problems(Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
