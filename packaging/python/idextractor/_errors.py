"""One exception for each exit code. Their text is the program's own error line, which contains no CPF and no id."""
from typing import ClassVar, Dict, Optional, Type


class IdExtractorError(Exception):
    """A run that failed. The active file is the one from before."""

    retry: ClassVar[bool] = False
    """Whether another run may succeed without a change."""

    def __init__(self, message: str, exit_code: int, run_id: Optional[str] = None) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.run_id = run_id

    def __reduce__(self):  # type: ignore[no-untyped-def]
        # Schedulers send exceptions between processes.
        return type(self), (self.message, self.exit_code, self.run_id)


class DefectError(IdExtractorError):
    """1: a defect of the program. Report it."""


class UsageError(IdExtractorError):
    """2: wrong usage. The message names the option."""


class ConfigurationError(IdExtractorError):
    """3: configuration or permission. The message names path or right."""


class GuardError(IdExtractorError):
    """4: a guard said no, or the result is empty. The message names the stage file and the command that publishes it."""


class VerificationError(IdExtractorError):
    """5: what was read back differs from what was written."""


class PartitionError(IdExtractorError):
    """6: the partition is absent, empty or stale."""


class InputError(IdExtractorError):
    """7: input data or a Parquet file is bad, or takes more than max_memory."""


class TemporaryError(IdExtractorError):
    """75: a temporary failure. Run again."""

    retry = True


class CancelledError(IdExtractorError):
    """130 and 143: a signal ended the run."""


_BY_EXIT_CODE: Dict[int, Type[IdExtractorError]] = {
    1: DefectError,
    2: UsageError,
    3: ConfigurationError,
    4: GuardError,
    5: VerificationError,
    6: PartitionError,
    7: InputError,
    75: TemporaryError,
    130: CancelledError,
    143: CancelledError,
}


def error_of(exit_code: int, message: Optional[str], run_id: Optional[str]) -> IdExtractorError:
    """The exception of a process that ended with this code; negative when a signal killed it."""
    if exit_code < 0:
        text = message or f"the program was killed by signal {-exit_code}"
        return IdExtractorError(text, 128 - exit_code, run_id)
    kind = _BY_EXIT_CODE.get(exit_code, IdExtractorError)
    return kind(message or f"the program ended with {exit_code} and gave no reason", exit_code, run_id)
