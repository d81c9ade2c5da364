"""A job whose publishing on disk rests after each file: python3 -m pipeline.tests.jobs.slow_publishing SECONDS JOB ARGUMENT..."""
import importlib
import sys
import time

from pipeline.jobs.common.publish import disk


def main(seconds, job, *arguments):
    move = disk._move

    def move_and_rest(source, target):
        move(source, target)
        time.sleep(float(seconds))
    disk._move = move_and_rest
    return importlib.import_module(f"pipeline.jobs.{job}").main(list(arguments))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
