"""Arguments of the state machine and of the workflow, as options.

    --bucket_name B --source_key raw/taxi/x.parquet --target_prefix processed/taxi/
    is  --source s3://B/raw/taxi/x.parquet --target s3://B/processed/taxi/ --quarantine
    s3://B/dead-letter-queue/taxi/
"""
from ..common.errors import UsageError

QUARANTINE = "dead-letter-queue/taxi/"


class StateMachine:
    """Translates {argument: [values]}. Without --source_key, all new files below --source_prefix
    are read.
    """

    names = {"bucket_name", "source_key", "source_prefix", "target_prefix"}

    def __call__(self, arguments):
        own = {name: _single(name, values) for name, values in arguments.items() if name in self.names}
        options = {name: values for name, values in arguments.items() if name not in self.names}
        if not own:
            return options
        missing = [f"--{name}" for name in ("bucket_name", "target_prefix") if not own.get(name)]
        if not own.get("source_key") and not own.get("source_prefix"):
            missing.append("--source_key or --source_prefix")
        if missing:
            raise UsageError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
        for name in ("source", "target"):
            if name in options:
                raise UsageError(f"--{name} and --bucket_name name the same thing; give one of them")
        root = f"s3://{own['bucket_name']}/"
        options["source"] = [root + (own.get("source_key") or own["source_prefix"])]
        options["target"] = [root + own["target_prefix"]]
        options.setdefault("quarantine", [root + QUARANTINE])
        if not own.get("source_key"):
            options.setdefault("bookmark", [f"{root}_bookmarks/{own['target_prefix'].strip('/')}.json"])
        return options


def _single(name, values):
    if len(values) > 1:
        raise UsageError(f"--{name} is given {len(values)} times; give it once")
    return values[0]
