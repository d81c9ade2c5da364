"""The Markdown table of a benchmark, from its raw results."""
from . import data

REFERENCE = "duckdb1"
OURS = "idextractor"
NOISE = 0.10
TITLES = {"duckdb1": "DuckDB", "duckdb": "DuckDB", "polars": "Polars"}


def of(results):
    """One row per set: how many times as fast as the reference each engine is, by the fastest round of each."""
    scales = [result for result in results if result["set"]["name"] in data.SCALES]
    results = [result for result in results if result["set"]["name"] not in data.SCALES]
    if not results:
        return "\n".join(scaling(scales))
    others = [name for name in ("duckdb", "polars") if any(name in engines(result) for result in results)]
    reference = title(results, REFERENCE)
    header = ["set", "idextractor, s (whole process)", f"{reference}, s (whole process)", "faster", "whole process", *(title(results, name) for name in others),
              "1 thread", "`cat`, s", f"CPU, s ({reference})", f"peak memory, MB ({reference})"]
    rows = [row(result, others) for result in results]
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(["---"] + ["---:"] * (len(header) - 1)) + "|"]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines + [""] + scaling(scales) + notes(results))


def row(result, others):
    ours = best(result, OURS, "inner_s"), best(result, OURS, "wall_s")
    base = best(result, REFERENCE, "inner_s"), best(result, REFERENCE, "wall_s")
    cells = [result["set"]["name"], pair(*ours), pair(*base), ratio(base[0], ours[0], bold=True), ratio(base[1], ours[1])]
    cells += [ratio(base[0], best(result, name, "inner_s")) for name in others]
    cells += [ratio(best(result, f"{OURS}-1", "inner_s"), ours[0])]
    cells += [seconds(best(result, "cat", "wall_s")), f"{seconds(cpu(result, OURS))} ({seconds(cpu(result, REFERENCE))})", f"{memory(result, OURS)} ({memory(result, REFERENCE)})"]
    return cells


def scaling(results):
    """Cost per row, and memory, by the number of rows."""
    if not results:
        return []
    lines = ["| rows | idextractor, s (whole process) | ns a row beyond the fewest | peak memory, MB |", "|---:|---:|---:|---:|"]
    fewest = min(results, key=lambda result: result["set"]["rows"])
    for result in results:
        rows, time = result["set"]["rows"], best(result, OURS, "inner_s")
        more = rows - fewest["set"]["rows"]
        cost = f"{(time - best(fewest, OURS, 'inner_s')) / more * 1e9:.2f}" if more else "-"
        lines.append(f"| {rows:,} | {pair(time, best(result, OURS, 'wall_s'))} | {cost} | {memory(result, OURS)} |")
    return lines


def notes(results):
    machine = results[0]["machine"]
    rounds = max(entry["round"] for entry in results[0]["rounds"])
    text = ["", f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, .NET {machine['dotnet']}; {results[0]['threads']} threads, warm page cache, "
            f"{rounds} rounds in turns, minimum; commit {(machine['commit'] or 'unknown')[:12]}{'' if machine['is_clean'] else ' with changes'}."]
    disturbed = [result["set"]["name"] for result in results if disturbance(result) > NOISE]
    if disturbed:
        text.append(f"Preliminary: other programs kept the machine busy while {', '.join(disturbed)} ran.")
    return text


def disturbance(result):
    """The share of the machine that others took in the median round."""
    shares = sorted(entry["others_busy"] for entry in result["rounds"] if entry["engine"] != "cat")
    return shares[len(shares) // 2]


def engines(result):
    return {entry["engine"] for entry in result["rounds"]}


def title(results, name):
    versions = {entry["version"] for result in results for entry in result["rounds"] if entry["engine"] == name}
    return " ".join([TITLES[name], *sorted(versions)])


def best(result, engine, field):
    values = [entry[field] for entry in result["rounds"] if entry["engine"] == engine]
    return min(values) if values else None


def cpu(result, engine):
    values = [entry["user_s"] + entry["system_s"] for entry in result["rounds"] if entry["engine"] == engine]
    return min(values) if values else None


def memory(result, engine):
    value = best(result, engine, "peak_rss_bytes")
    return "-" if value is None else f"{value / 1e6:.0f}"


def seconds(value):
    return "-" if value is None else f"{value:.3f}"


def pair(inner, whole):
    return "-" if inner is None else f"{inner:.3f} ({whole:.3f})"


def ratio(base, value, bold=False):
    if base is None or value is None:
        return "-"
    text = f"{base / value:.2f}x"
    return f"**{text}**" if bold else text
