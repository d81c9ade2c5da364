"""Makes the root file systems of two stand-in base images out of this machine's own files, as tar archives.

    stand_in.py runtime-deps FILE    what a distroless .NET base has: the C and C++ runtime, OpenSSL, CA certificates, a user, /tmp; no shell
    stand_in.py sdk FILE             the same with a shell, a few commands and a linker; the .NET SDK itself, and the libraries that are linked with, are mounted into it

They let the real Dockerfile be built where its base images cannot be pulled. They prove what the Dockerfile does and that the program needs nothing
beyond these files, not what is in the images of the same name.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile

USER_ID = 1654
LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6", "libssl.so.3", "libcrypto.so.3", "libresolv.so.2", "libnss_dns.so.2",
             "libnss_files.so.2"]
COMMANDS = ["sh", "mkdir", "chmod", "cp", "rm", "ls", "cat", "uname", "dirname", "basename", "readlink", "gcc", "as", "ld.bfd", "objcopy"]
# Packages are not installed but taken from the mounted folder of libraries: installing one only checks that it is there.
APT_GET = """#!/bin/sh
[ "$1" = install ] || exit 0
for word in "$@"; do
  case $word in
    install|-*) ;;
    *-dev) [ -e "/usr/lib/x86_64-linux-gnu/${word%-dev}.a" ] || { echo "the machine has no $word" >&2; exit 100; } ;;
    *) echo "the stand-in does not know the package $word" >&2; exit 100 ;;
  esac
done
"""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def known_libraries():
    """Paths of the dynamic linker's libraries for this machine's own architecture, by name."""
    text = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    found = {}
    for name, path in re.findall(r"^\s*(\S+) \(libc6,x86-64[^)]*\) => (\S+)$", text, re.M):
        found.setdefault(name, path)
    return found


def needs_of(program):
    """Paths of the libraries that a program is linked against, the loader among them."""
    text = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"(/\S+) \(0x", text))


class Image:
    def __init__(self, path):
        self._tar = tarfile.open(path, "w")
        self._names = set()

    def folder(self, name, mode=0o755):
        self._add(name, tarfile.DIRTYPE, mode, b"")

    def text(self, name, content, mode=0o644):
        self._add(name, tarfile.REGTYPE, mode, content.encode())

    def link(self, name, target):
        if name not in self._names:
            self._names.add(name)
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            self._tar.addfile(info)

    def copy(self, source, name):
        """Puts the file that a path leads to under a name; links on the way are followed."""
        with open(os.path.realpath(source), "rb") as file:
            self._add(name, tarfile.REGTYPE, 0o755 if os.access(source, os.X_OK) else 0o644, file.read())

    def close(self):
        self._tar.close()

    def _add(self, name, kind, mode, content):
        if name in self._names:
            return
        self._names.add(name)
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.size = kind, mode, len(content)
        self._tar.addfile(info, io.BytesIO(content))


def add_system(image):
    for folder in ["etc", "etc/ssl", "etc/ssl/certs", "lib64", "usr", "usr/bin", "usr/lib", "usr/lib/x86_64-linux-gnu", "home", "home/app", "proc", "dev", "sys", "run", "var"]:
        image.folder(folder)
    image.folder("tmp", 0o1777)
    image.link("lib", "usr/lib")
    image.link("bin", "usr/bin")
    known = known_libraries()
    for name in LIBRARIES:
        if name in known:
            image.copy(known[name], "usr/lib/x86_64-linux-gnu/" + name)
    image.copy("/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2")
    if os.path.exists(CERTIFICATES):
        image.copy(CERTIFICATES, CERTIFICATES[1:])
    image.text("etc/passwd", f"root:x:0:0:root:/root:/usr/sbin/nologin\napp:x:{USER_ID}:{USER_ID}::/home/app:/usr/sbin/nologin\n")
    image.text("etc/group", f"root:x:0:\napp:x:{USER_ID}:\n")
    image.text("etc/nsswitch.conf", "hosts: files dns\n")


def add_commands(image):
    for name in COMMANDS:
        program = shutil.which(name)
        image.copy(program, "usr/bin/" + name)
        for library in needs_of(program):
            image.copy(library, "usr/lib/x86_64-linux-gnu/" + os.path.basename(library))
    image.link("usr/bin/dotnet", "/usr/share/dotnet/dotnet")
    image.text("usr/bin/apt-get", APT_GET, mode=0o755)
    image.folder("root", 0o700)


def main():
    kind, path = sys.argv[1:]
    image = Image(path)
    add_system(image)
    if kind == "sdk":
        add_commands(image)
    elif kind != "runtime-deps":
        sys.exit(f"no stand-in '{kind}'")
    image.close()


main()
