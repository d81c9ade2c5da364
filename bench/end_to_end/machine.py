"""Where a benchmark ran: what a reader needs to judge its numbers."""
import os
import platform
import subprocess


def describe(root):
    """CPU, cores, memory, kernel, runtime and the state of the working tree. Nothing that names the machine."""
    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release(),
        "dotnet": output(["dotnet", "--list-runtimes"], line="Microsoft.NETCore.App 10."),
        "commit": output(["git", "-C", root, "rev-parse", "HEAD"]),
        "is_clean": output(["git", "-C", root, "status", "--porcelain", "--", "src", "bench/peers", "bench/end_to_end", "Directory.Build.props", "Directory.Packages.props"]) == "",
    }


def cpu_model():
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def busy_seconds():
    """Seconds that all cores together have been busy with any process since the machine started."""
    user, nice, system, _idle, _wait, irq, soft, steal = (int(field) for field in read("/proc/stat").split("\n", 1)[0].split()[1:9])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def output(command, line=None):
    """What a command prints; of it the version in the last line that begins with some words."""
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    if line is None:
        return text
    versions = [found.split()[1] for found in text.splitlines() if found.startswith(line)]
    return versions[-1] if versions else None
