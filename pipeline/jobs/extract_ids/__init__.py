"""extract_ids: the twin of `idextractor extract` for tables beyond one machine.

It writes the distinct ids as Parquet parts and reports the command that publishes them.
"""


def main(argv):
    """Runs the job. Returns the exit code."""
    from ..common.run import runner
    from .job import JOB
    return runner.main(JOB, argv)
