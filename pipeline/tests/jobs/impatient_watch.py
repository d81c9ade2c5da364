"""A job that looks more often for tasks without progress: python3 -m pipeline.tests.jobs.impatient_watch SECONDS JOB ARGUMENT..."""
import importlib
import sys

from pipeline.jobs.common.run import endless


def main(seconds, job, *arguments):
    endless.POLL_SECONDS = float(seconds)
    return importlib.import_module(f"pipeline.jobs.{job}").main(list(arguments))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
