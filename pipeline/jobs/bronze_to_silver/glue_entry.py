"""The job as a Glue script."""
import sys

from pipeline.jobs.bronze_to_silver.job import JOB
from pipeline.jobs.common.run import glue

if __name__ == "__main__":
    glue.run(JOB, sys.argv)
