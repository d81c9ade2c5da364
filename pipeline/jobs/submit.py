"""Runs a job through spark-submit (EMR, EMR Serverless): spark-submit --py-files pipeline.zip submit.py JOB OPTIONS."""
import importlib
import os
import sys

JOBS = ("bronze_to_silver", "silver_to_gold", "extract_ids", "process_taxi")


def main(argv):
    """Exit code of the job that the first argument names."""
    # This script's own folder comes first on the path and would hide the package; without --py-files the package is two above.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    root = os.path.dirname(os.path.dirname(here))
    if os.path.isdir(os.path.join(root, "pipeline", "jobs")) and root not in sys.path:
        sys.path.append(root)
    if not argv or argv[0] not in JOBS:
        print(f"usage: submit.py JOB OPTIONS, where JOB is one of {', '.join(JOBS)}", file=sys.stderr)
        return 2
    return importlib.import_module(f"pipeline.jobs.{argv[0]}").main(argv[1:])


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if code:
        sys.exit(code)
