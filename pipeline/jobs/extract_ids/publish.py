"""The command that publishes the parts."""

_VALUES = ("max_drop_percent", "allow_empty", "allow_older", "skip_if_current", "stage_key", "active_key", "trailing_newline", "gzip_level",
           "endpoint_url", "region", "path_style", "request_payer", "sse", "kms_key_id", "expected_bucket_owner", "assume_role")


def command(options, candidate, parts, total):
    """Arguments for `idextractor`: exactly as many ids as were counted must be in the parts."""
    result = ["publish", "--from", parts, "--id-column", "id", "--output", options.output]
    if candidate.pin:
        result += ["--partition", candidate.pin]
    result += ["--min-ids", str(total), "--max-ids", str(total)]
    for name in _VALUES:
        value = getattr(options, name)
        # --allow-empty contradicts a minimum of ids, and says nothing about a result that is not empty.
        if value is None or value is False or (name == "allow_empty" and total > 0):
            continue
        result += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return result
