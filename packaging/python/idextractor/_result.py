"""What a run published."""
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple


@dataclass(frozen=True)
class Counters:
    """What a run read. Every number is 0 when the active file was current already."""

    rows_scanned: int = 0
    rows_matched: int = 0
    null_documents: int = 0
    """Rows without a document, at least: those that were skipped unread are not counted."""
    null_ids_dropped: int = 0
    bytes_read: int = 0
    requests: int = 0
    retries: int = 0
    key_rows: int = 0
    """Values of Table A: valid ones and rejected ones."""
    keys_rejected: int = 0
    keys_valid: int = 0
    keys_duplicate: int = 0
    peak_memory_bytes: int = 0


@dataclass(frozen=True)
class Result:
    """A run that ended well."""

    outcome: str
    """published, or current when skip_if_current found nothing to do."""
    run_id: str
    source_partition: str
    """The partition that the ids come from; unpartitioned for a table without partitions."""
    total_ids: int
    md5_checksum: str
    """MD5 of the uncompressed text."""
    gz_sha256: Optional[str]
    """SHA-256 of the gzip file."""
    gzip_bytes: int
    active: Optional[str]
    """Path or address of the active file."""
    stage: Optional[str]
    """Path or address of the stage file, kept for going back."""
    seconds: float
    checks: Tuple[str, ...]
    """What was checked when the file was read back."""
    counters: Counters
    previous_total_ids: Optional[int] = None
    """Ids of the file that was active before; None when there was none, or nothing was published."""


def result_of(line: Mapping[str, Any]) -> Result:
    """The result in the program's JSON line. Fields that this version does not know are ignored."""
    counters = line.get("counters") or {}
    return Result(
        outcome=line["outcome"],
        run_id=line["run_id"],
        source_partition=line["source_partition"],
        total_ids=line["total_ids"],
        md5_checksum=line["md5_checksum"],
        gz_sha256=line.get("gz_sha256"),
        gzip_bytes=line["gzip_bytes"],
        active=line.get("active"),
        stage=line.get("stage"),
        seconds=line["seconds"],
        checks=tuple(line.get("checked") or ()),
        previous_total_ids=(line.get("previous") or {}).get("total_ids"),
        counters=Counters(**{name: counters.get(name) or 0 for name in Counters.__dataclass_fields__}),
    )
