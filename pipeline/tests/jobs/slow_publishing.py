"""A job whose publishing on disk rests before each file: python3 -m pipeline.tests.jobs.slow_publishing SECONDS JOB ARGUMENT..."""
import importlib
import sys
import time

from pipeline.jobs.common.publish import disk


def main(seconds, job, *arguments):
    move = disk._move

    def rest_and_move(source, target):
        time.sleep(float(seconds))
        move(source, target)
    disk._move = rest_and_move
    return importlib.import_module(f"pipeline.jobs.{job}").main(list(arguments))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
