"""The order of a benchmark: tools, data, rounds, results."""
import argparse
import datetime
import glob
import os
import sys

from . import data, engines, machine, rounds, table

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/run", description="Runs the job by idextractor and by its peers on the same data, in turns.",
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--short", action="store_true", help=f"10,000,000 rows (30,000,000 of int and beside many keys), 3 rounds, no scaling, and fewer sets: {', '.join(data.SHORT)}")
    parser.add_argument("--sets", help="which data sets, by comma; all of them when nothing is said")
    parser.add_argument("--peers", default=",".join(engines.PEERS), help="which peers besides idextractor, by comma: duckdb1 (DuckDB 1.5.6 of npm, which the ratios refer to), "
                        f"duckdb and polars (the newest for Python), parquetnet and parquetsharp (libraries for .NET, on {', '.join(data.DOTNET_PEERS)} only), "
                        "cat (reads all bytes and does nothing: the floor)")
    parser.add_argument("--rows", type=int, help="rows of Table B, 30,000,000 when nothing is said; the set v2 has a third of them, wide one in 25")
    parser.add_argument("--rounds", type=int, help="how often each engine runs on each set, 7 when nothing is said")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine")
    parser.add_argument("--no-scaling", action="store_true", help="skip the runs with one thread, and those with a tenth and four times the rows")
    parser.add_argument("--resume", action="store_true", help="keep the sets that an interrupted run of this commit has measured already")
    parser.add_argument("--data", default=os.path.join(BENCH, ".data"), help="where data sets and tools are kept between runs")
    parser.add_argument("--app", help="a folder with a published idextractor, instead of publishing this working tree")
    parser.add_argument("--results", help="where the raw results go, bench/results/<date>-<commit> when nothing is said; 'none' for nowhere")
    options = parser.parse_args(arguments)
    options.rows_given = options.rows is not None
    options.rows = options.rows or (10_000_000 if options.short else 30_000_000)
    options.rounds = options.rounds or (3 if options.short else 7)
    options.no_scaling |= options.short
    options.sets = named(parser, "--sets", options.sets, data.NAMES) if options.sets else data.SHORT if options.short else data.NAMES
    options.peers = named(parser, "--peers", options.peers, list(engines.PEERS))
    if min(options.rows, options.rounds, options.threads) < 1:
        parser.error("--rows, --rounds and --threads are at least 1")
    return options, parser


def named(parser, option, text, known):
    """The names of a list, in the order in which they are known."""
    given = [name for name in text.split(",") if name]
    for name in given:
        if name not in known:
            parser.error(f"{option} knows {', '.join(known)}; not '{name}'")
    return [name for name in known if name in given]


def say(text):
    print(text, file=sys.stderr, flush=True)


def place(options, parser, facts):
    """The folder of the results: a new one, unless the run continues another."""
    folder = options.results or os.path.join(BENCH, "results", f"{datetime.date.today().isoformat()}-{(facts['commit'] or 'unknown')[:8]}")
    if folder != "none" and not options.resume and glob.glob(os.path.join(folder, "*.json")):
        parser.error(f"{folder} has the results of another run, which are never rewritten: continue it with --resume, or name a new folder with --results")
    return folder


def main(arguments=None):
    options, parser = parse(arguments)
    facts = machine.describe(ROOT)
    options.results = place(options, parser, facts)
    tools = engines.Tools(ROOT, BENCH, os.path.abspath(options.data), say)
    runners = [engines.IdExtractor(tools, options.app)]
    for name in options.peers:
        runner, reason = engines.PEERS[name](tools)
        if runner is None:
            say(f"{name} is skipped: {reason}")
        else:
            runners.append(runner)

    alone = [runners[0]]
    if not options.no_scaling:
        runners.insert(1, engines.IdExtractor(tools, runners[0].app, threads=1))
    work = [(name, data.make, runners) for name in options.sets]
    if not options.no_scaling and "base" in options.sets:
        work += [(name, data.scale, alone) for name in data.SCALES]

    measured = []
    for name, make, engines_of_set in work:
        result = rounds.resume(name, options, facts) if options.resume else None
        if result is None:
            rows = options.rows if options.rows_given or name not in data.KINDS else max(options.rows, data.KINDS[name].least)
            made, reason = make(name, rows, tools)
            if made is None:
                say(f"The set {name} is skipped: {reason}")
                continue
            result = rounds.run(made, engines_of_set, options.rounds, options.threads, tools, facts, say)
            if options.results != "none":
                say(f"  raw results: {os.path.relpath(rounds.write(result, options.results))}")
        measured.append(result)
    if not measured:
        say("Nothing was measured.")
        return 1
    print(table.short(measured) + "\n" + table.full(measured))
    return 0 if all(result["ids_agree"] for result in measured) else 1


def tables(arguments=None):
    """The same tables from results that were measured before."""
    parser = argparse.ArgumentParser(prog="bench/table", description="Prints the tables of a folder of results as Markdown.")
    parser.add_argument("folder", help="such as bench/results/2026-11-29-0123abcd")
    parser.add_argument("--full", action="store_true", help="every engine, instead of the best peer only")
    options = parser.parse_args(arguments)
    order = data.NAMES + list(data.SCALES)
    found = {name: os.path.join(options.folder, f"{name}.json") for name in order}
    measured = [rounds.load(path) for path in found.values() if os.path.exists(path)]
    if not measured:
        parser.error(f"{options.folder} has no results of bench/run")
    print(table.full(measured) if options.full else table.short(measured))
    return 0
