"""The job as a Glue script, with the arguments of the state machine."""
import sys

from pipeline.jobs.common.run import glue
from pipeline.jobs.process_taxi.arguments import StateMachine
from pipeline.jobs.process_taxi.job import JOB

if __name__ == "__main__":
    glue.run(JOB, sys.argv, translate=StateMachine())
