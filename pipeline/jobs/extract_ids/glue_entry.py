"""The job as a Glue script."""
import sys

from pipeline.jobs.common.run import glue
from pipeline.jobs.extract_ids.job import JOB

if __name__ == "__main__":
    glue.run(JOB, sys.argv)
