"""Publishes the distinct ids of a large Parquet table whose document is a CPF of a small one.

    from idextractor import extract

    result = extract("people.csv", "s3://lake/accounts/", "s3://ids/daily/", min_ids=1000)
    print(result.total_ids, result.active)

The work is done by the native program inside this package. Errors are exceptions, one class for each
exit code. No exception, log message or result contains a CPF or an id.
"""
from ._errors import (
    CancelledError,
    ConfigurationError,
    DefectError,
    GuardError,
    IdExtractorError,
    InputError,
    PartitionError,
    TemporaryError,
    UsageError,
    VerificationError,
)
from ._extract import extract
from ._program import program, version
from ._result import Counters, Result

__version__ = version()

__all__ = [
    "CancelledError",
    "ConfigurationError",
    "Counters",
    "DefectError",
    "GuardError",
    "IdExtractorError",
    "InputError",
    "PartitionError",
    "Result",
    "TemporaryError",
    "UsageError",
    "VerificationError",
    "extract",
    "program",
]
