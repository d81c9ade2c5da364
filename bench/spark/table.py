"""Prints the tables of raw results of bench.spark.run as Markdown.

  python3 -m bench.spark.table bench/results/<date>-<commit>
"""
import glob
import json
import os
import statistics
import sys

READERS = ("vectorised", "row")


def load(folder):
    """{(name, rows): [run]} of all rounds."""
    runs = {}
    for path in sorted(glob.glob(os.path.join(folder, "spark-*.jsonl"))):
        with open(path, encoding="utf-8") as stream:
            for line in map(json.loads, stream):
                if "name" in line:
                    runs.setdefault((line["name"], line["rows"]), []).append(line)
    return runs


def seconds(runs, name, rows):
    """The least seconds of a run: what other programs on the machine add is never negative."""
    return min(line["seconds"] for line in runs[name, rows])


def rate(runs, name):
    """(rows per second and core, seconds of fixed cost).

    The first is the slope of CPU seconds between the smallest and the largest size: other programs on the machine take time from a run, but
    little CPU is lost to them. The second is the run of a few rows.
    """
    sizes = sorted(rows for found, rows in runs if found == name)
    cpu = [min(line["cpu_seconds"] for line in runs[name, rows]) for rows in (sizes[0], sizes[-1])]
    tiny = next(rows for found, rows in runs if found == f"{name.split()[0]} tiny")
    return (sizes[-1] - sizes[0]) / (cpu[1] - cpu[0]), seconds(runs, f"{name.split()[0]} tiny", tiny)


def ratios(runs, name, other, rows, field="seconds"):
    """The other's seconds divided by those of a name, round by round."""
    return [theirs[field] / ours[field] for ours, theirs in zip(runs[name, rows], runs[other, rows])]


def all_runs(runs, cores=2):
    yield "| run | rows | rounds | s, least (median) | rows/s/core | CPU, s | shuffled, bytes | JVM, MiB | Python, MiB |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for (name, rows), found in sorted(runs.items()):
        least, median = seconds(runs, name, rows), statistics.median(line["seconds"] for line in found)
        yield (f"| {name} | {rows:,} | {len(found)} | {least:.1f} ({median:.1f}) | {rows / least / cores:,.0f} | "
               f"{min(line['cpu_seconds'] for line in found):.1f} | {max(line['shuffle_bytes'] for line in found):,} | "
               f"{max(line['peak_jvm_bytes'] for line in found) >> 20} | {max(line['peak_driver_python_bytes'] for line in found) >> 20} |")


def comparisons(runs):
    yield "| reader | rows | speed of the twin against bare Spark | the same by CPU seconds | the engine's against the twin's |"
    yield "|---|---:|---:|---:|---:|"
    for reader in READERS:
        twin = f"extract_ids {reader}"
        for rows in sorted(rows for name, rows in runs if name == twin):
            bare, engine = f"bare {reader}", f"engine {reader}"
            cells = [cell(ratios(runs, twin, bare, rows), 100, "%"), cell(ratios(runs, twin, bare, rows, "cpu_seconds"), 100, "%"),
                     cell(ratios(runs, engine, twin, rows))]
            yield f"| {reader} | {rows:,} | {' | '.join(cells)} |"


def rates(runs):
    yield "| | rows per second and core | fixed, s |"
    yield "|---|---:|---:|"
    for reader in READERS:
        for who in ("extract_ids", "bare", "engine"):
            speed, fixed = rate(runs, f"{who} {reader}")
            yield f"| {who}, {reader} | {speed:,.0f} | {fixed:.1f} |"


def cell(values, factor=1, unit=""):
    """The median, and every round."""
    return f"{factor * statistics.median(values):.0f}{unit} ({', '.join(f'{factor * value:.0f}' for value in values)})"


def main():
    runs = load(sys.argv[1])
    print("\n".join(all_runs(runs)), end="\n\n")
    print("\n".join(comparisons(runs)), end="\n\n")
    print("\n".join(rates(runs)))


if __name__ == "__main__":
    main()
