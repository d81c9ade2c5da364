"""The order of a benchmark: tools, data, rounds, results."""
import argparse
import datetime
import os
import sys

from . import data, engines, machine, rounds, table

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
PEERS = ["duckdb1", "duckdb", "polars", "cat"]


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/run", description="Runs the job by idextractor and by its peers on the same data, in turns.",
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--sets", default=",".join(data.NAMES), help="which data sets, by comma")
    parser.add_argument("--peers", default=",".join(PEERS), help="which peers besides idextractor, by comma: duckdb1 (DuckDB 1.5.6 of npm, which the ratios refer to), "
                        "duckdb and polars (the newest for Python), cat (reads all bytes and does nothing: the floor)")
    parser.add_argument("--rows", type=int, default=30_000_000, help="rows of Table B; the set v2 has a third of them")
    parser.add_argument("--rounds", type=int, default=7, help="how often each engine runs on each set")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine")
    parser.add_argument("--no-scaling", action="store_true", help="leave out the runs with a tenth and four times the rows")
    parser.add_argument("--resume", action="store_true", help="take over the sets that an interrupted run of this commit has measured already")
    parser.add_argument("--quick", action="store_true", help="3,000,000 rows and 3 rounds, to see whether everything works")
    parser.add_argument("--data", default=os.path.join(BENCH, ".data"), help="where data sets and tools are kept between runs")
    parser.add_argument("--app", help="a folder with a published idextractor, instead of publishing this working tree")
    parser.add_argument("--results", default=os.path.join(BENCH, "results", datetime.date.today().isoformat()), help="where the raw results go; 'none' for nowhere")
    options = parser.parse_args(arguments)
    if options.quick:
        options.rows, options.rounds = 3_000_000, 3
    options.sets = named(parser, "--sets", options.sets, data.NAMES)
    options.peers = named(parser, "--peers", options.peers, PEERS)
    if min(options.rows, options.rounds, options.threads) < 1:
        parser.error("--rows, --rounds and --threads are at least 1")
    return options


def named(parser, option, text, known):
    """The names of a list, in the order in which they are known."""
    given = [name for name in text.split(",") if name]
    for name in given:
        if name not in known:
            parser.error(f"{option} knows {', '.join(known)}; not '{name}'")
    return [name for name in known if name in given]


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(arguments=None):
    options = parse(arguments)
    tools = engines.Tools(ROOT, BENCH, os.path.abspath(options.data), say)
    runners = [engines.IdExtractor(tools, options.app)]
    for name in options.peers:
        runner, reason = engines.PEERS[name](tools)
        if runner is None:
            say(f"{name} is left out: {reason}")
        else:
            runners.append(runner)

    alone = [runners[0]]
    runners.insert(1, engines.IdExtractor(tools, runners[0].app, threads=1))
    work = [(name, data.make, runners) for name in options.sets]
    if not options.no_scaling and "snappy" in options.sets:
        work += [(name, data.scale, alone) for name in data.SCALES]

    facts = machine.describe(ROOT)
    measured = []
    for name, make, engines_of_set in work:
        result = rounds.resume(name, options, facts) if options.resume else None
        if result is None:
            made, reason = make(name, options.rows, tools)
            if made is None:
                say(f"The set {name} is left out: {reason}")
                continue
            result = rounds.run(made, engines_of_set, options.rounds, options.threads, tools, facts, say)
            if options.results != "none":
                say(f"  raw results: {os.path.relpath(rounds.write(result, options.results))}")
        measured.append(result)
    if not measured:
        say("Nothing was measured.")
        return 1
    print(table.of(measured))
    return 0 if all(result["ids_agree"] for result in measured) else 1
