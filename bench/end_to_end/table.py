"""The Markdown tables of a benchmark, from its raw results."""
import statistics

from . import data

REFERENCE = "duckdb1"
OURS = "idextractor"
NOISE = 0.10
TITLES = {"duckdb1": "DuckDB", "duckdb": "DuckDB", "polars": "Polars", "parquetnet": "Parquet.Net", "parquetsharp": "ParquetSharp"}


def short(results):
    """One row per set: our time, the fastest peer's, how many times as fast we are, and memory."""
    results = [result for result in results if result["set"]["name"] in data.KINDS]
    lines = head(["set", "what it is", "rows", "idextractor, s", "best peer, s", "faster", f"than {title(results, REFERENCE)}", "peak memory, MB"], left=2)
    for result in results:
        name, ours = result["set"]["name"], best(result, OURS, "inner_s")
        peer = min((engine for engine in TITLES if best(result, engine, "inner_s") is not None), key=lambda engine: best(result, engine, "inner_s"), default=None)
        peer_s = best(result, peer, "inner_s")
        peer_text = "-" if peer is None else f"{peer_s:.3f} ({title(results, peer)})"
        lines.append(line([name, data.KINDS[name].what, count(result), seconds(ours), peer_text, ratio(peer_s, ours, bold=True),
                           ratio(best(result, REFERENCE, "inner_s"), ours), memory(result, OURS)]))
    return "\n".join(lines + notes(results)) + "\n"


def full(results):
    """Every engine on every set: minimum and median inside the process, the whole process, CPU and memory."""
    scales = [result for result in results if result["set"]["name"] in data.SCALES]
    results = [result for result in results if result["set"]["name"] in data.KINDS]
    lines = head(["set", "rows", "engine", "s, minimum", "median", "whole process, s", "CPU, s", "peak memory, MB", "idextractor is faster", "whole process"], left=1)
    for result in results:
        for engine in dict.fromkeys(entry["engine"] for entry in result["rounds"]):
            lines.append(line(cells(result, engine, results)))
    return "\n".join(lines + notes(results) + [""] + scaling(scales)) + "\n"


def cells(result, engine, results):
    name = {OURS: OURS, f"{OURS}-1": f"{OURS}, 1 thread"}.get(engine) or (title(results, engine) if engine in TITLES else f"`{engine}`")
    start = [result["set"]["name"], count(result), name]
    inner = best(result, engine, "inner_s")
    if inner is None:
        return [*start, f"ended with {exit_status(result, engine)}", "-", "-", "-", memory(result, engine), "-", "-"]
    whole = best(result, engine, "wall_s")
    against = ["-", "-"] if engine == OURS else [ratio(inner, best(result, OURS, "inner_s")), ratio(whole, best(result, OURS, "wall_s"))]
    return [*start, seconds(inner), seconds(statistics.median(values(result, engine, "inner_s"))), seconds(whole), seconds(cpu(result, engine)), memory(result, engine), *against]


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
    if not results:
        return []
    machine = results[0]["machine"]
    rounds = max(entry["round"] for entry in results[0]["rounds"])
    text = ["", f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, .NET {machine['dotnet']}; {results[0]['threads']} threads, warm page cache, "
            f"{rounds} rounds in turns, minimum; commit {(machine['commit'] or 'unknown')[:12]}{'' if machine['is_clean'] else ' with changes'}."]
    disturbed = [result["set"]["name"] for result in results if disturbance(result) > NOISE]
    if disturbed:
        text.append(f"Preliminary: other programs kept the machine busy while {', '.join(disturbed)} ran.")
    disagreeing = [result["set"]["name"] for result in results if not result["ids_agree"]]
    if disagreeing:
        text.append(f"The engines do not agree about the ids of {', '.join(disagreeing)}.")
    return text


def disturbance(result):
    """The share of the machine that others took in the median round."""
    shares = sorted(entry["others_busy"] for entry in result["rounds"] if entry["engine"] != "cat" and "others_busy" in entry)
    return shares[len(shares) // 2] if shares else 0


def title(results, name):
    versions = {entry["version"] for result in results for entry in result["rounds"] if entry["engine"] == name and entry.get("version")}
    return " ".join([TITLES[name], *sorted(versions)])


def values(result, engine, field):
    """What an engine's successful runs measured."""
    return [entry[field] for entry in result["rounds"] if entry["engine"] == engine and "exit_status" not in entry]


def best(result, engine, field):
    return min(values(result, engine, field), default=None)


def cpu(result, engine):
    return min((user + system for user, system in zip(values(result, engine, "user_s"), values(result, engine, "system_s"), strict=True)), default=None)


def exit_status(result, engine):
    return next((entry["exit_status"] for entry in result["rounds"] if entry["engine"] == engine and "exit_status" in entry), "?")


def memory(result, engine):
    """The least of the rounds; of an engine that failed, what it took until then."""
    value = min((entry["peak_rss_bytes"] for entry in result["rounds"] if entry["engine"] == engine), default=None)
    return "-" if value is None else f"{value / 1e6:.0f}"


def count(result):
    return "-" if result["set"]["rows"] is None else f"{result['set']['rows']:,}"


def seconds(value):
    return "-" if value is None else f"{value:.3f}"


def pair(inner, whole):
    return "-" if inner is None else f"{inner:.3f} ({whole:.3f})"


def ratio(base, value, bold=False):
    if base is None or value is None:
        return "-"
    text = f"{base / value:.2f}x"
    return f"**{text}**" if bold else text


def head(titles, left):
    """The first two lines of a table; the columns after some are numbers."""
    return [line(titles), "|" + "|".join(["---"] * left + ["---:"] * (len(titles) - left)) + "|"]


def line(texts):
    return "| " + " | ".join(texts) + " |"
