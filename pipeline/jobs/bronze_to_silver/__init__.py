"""Bronze events to the silver table: flatten, convert, cleanse, derive, upsert. `main(argv)` returns the exit code."""


def main(argv):
    from ..common.run import runner
    from .job import JOB
    return runner.main(JOB, argv)
