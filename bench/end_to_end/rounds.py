"""Runs engines in turns and measures each process from outside."""
import datetime
import json
import os
import resource
import shutil
import subprocess
import time

from . import machine

SCHEMA = "idextractor.bench/1"


def run(made, runners, count, threads, tools, facts, say):
    """All rounds on one set. Engines take turns, so that a slow minute of the machine falls on all of them."""
    runners = [runner for runner in runners if (runner.sets is None or made.name in runner.sets) and (not made.alone or runner.name.startswith("idextractor"))]
    say(f"{made.name}: {count} rounds of {', '.join(runner.name for runner in runners)}")
    result = {
        "schema": SCHEMA,
        "set": {"name": made.name, "rows": made.rows, "files": len(made.files), "bytes": sum(os.path.getsize(file) for file in made.files)},
        "started_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": facts,
        "threads": threads,
        "launcher_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "load_average_before": os.getloadavg()[0],
        "rounds": [],
    }
    failed = set()
    for number in range(1, count + 1):
        warm(made)
        for runner in runners:
            if runner.name in failed:
                continue
            measured = measure(runner, made, threads, tools)
            if "exit_status" in measured:
                say(f"!! {runner.name} failed on {made.name} with status {measured['exit_status']}")
                failed.add(runner.name)
            result["rounds"].append({"round": number, "engine": runner.name, **measured})
    digests = {entry["ids_sha256"] for entry in result["rounds"] if entry.get("ids_sha256")}
    result["ids_agree"] = len(digests) <= 1
    if not result["ids_agree"]:
        say(f"!! The engines do not agree about the ids of {made.name}")
    return result


def warm(made):
    """Brings the files into the page cache: the benchmark compares work, not disks."""
    for file in made.files:
        with open(file, "rb", buffering=0) as source:
            while source.read(1 << 20):
                pass


def measure(runner, made, threads, tools):
    """One run of one engine, in a folder of its own that is removed afterwards."""
    folder = os.path.join(tools.data, "out")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    printed_to = os.path.join(folder, "printed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("IDEXTRACTOR_", "DOTNET_", "POLARS_"))}
    command = runner.command(made, folder, threads)
    busy = machine.busy_seconds()
    with open(printed_to, "wb") as out, open(os.devnull, "rb") as nothing:
        started = time.perf_counter()
        # Not subprocess: only wait4 returns the CPU time and the peak memory of this one process.
        process = os.posix_spawn(command[0], command, environment, file_actions=[
            (os.POSIX_SPAWN_DUP2, nothing.fileno(), 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0) if runner.name == "cat" else (os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - started
    cpu = usage.ru_utime + usage.ru_stime
    others = max(0.0, machine.busy_seconds() - busy - cpu)
    if status != 0:
        shutil.rmtree(folder)
        return {"exit_status": os.waitstatus_to_exitcode(status), "wall_s": round(wall, 6), "peak_rss_bytes": usage.ru_maxrss * 1024}
    with open(printed_to, encoding="utf-8", errors="replace") as file:
        told = runner.tell(folder, file.read(), wall)
    count, digest = fingerprint(runner.ids(folder))
    shutil.rmtree(folder)
    return {
        "wall_s": round(wall, 6), "user_s": round(usage.ru_utime, 6), "system_s": round(usage.ru_stime, 6), "peak_rss_bytes": usage.ru_maxrss * 1024,
        "others_busy": round(others / wall / len(os.sched_getaffinity(0)), 4), "load_average": os.getloadavg()[0], "ids": count, "ids_sha256": digest, **told,
    }


def fingerprint(path):
    """Number and checksum of the ids, whatever their order. In a process of its own: the memory of this one is the least that wait4 can see of another."""
    if path is None:
        return None, None
    pipe = 'gzip -dc "$1" | LC_ALL=C sort -u | tee >(sha256sum >&2) | wc -l'
    done = subprocess.run(["bash", "-c", pipe, "fingerprint", path], capture_output=True, text=True, check=True)
    return int(done.stdout), done.stderr.split()[0]


def resume(name, options, facts):
    """What an earlier run of the same commit measured of a set, as often as this one would; None when there is no such thing."""
    path = os.path.join(options.results, f"{name}.json")
    if not os.path.exists(path):
        return None
    result = load(path)
    if (result["machine"], result["threads"], result["rounds"][-1]["round"]) != (facts, options.threads, options.rounds):
        raise SystemExit(f"{path} is the result of another machine, commit or number of rounds: name another folder with --results")
    return result


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(result, folder):
    """Writes the raw results of one set; never over those of an earlier run."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{result['set']['name']}.json")
    with open(path, "x", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    return path
