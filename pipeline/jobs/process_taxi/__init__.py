"""Uploaded trip files to one clean table, a file per source and month. `main(argv)` returns the
exit code.
"""


def main(argv):
    from ..common.run import runner
    from .job import JOB
    return runner.main(JOB, argv)
