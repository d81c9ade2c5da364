"""Runs extract_ids with other environments, in a process of its own: variables are those of a whole process, and other tests run beside.

Each line of stdin is [{variable: value}, [options]]; each line of stdout is the exit code.
"""
import json
import os
import sys

from pipeline.jobs.common.run.runner import main
from pipeline.jobs.extract_ids.job import JOB


def serve():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    clean = {name: text for name, text in os.environ.items() if not name.startswith("IDEXTRACTOR_")}
    for line in sys.stdin:
        variables, options = json.loads(line)
        os.environ.clear()
        os.environ.update({**clean, **variables})
        print(main(JOB, options), file=answers, flush=True)


if __name__ == "__main__":
    serve()
