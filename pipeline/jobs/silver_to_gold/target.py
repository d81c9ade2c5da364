"""Gold's months: what the target has, which months are stale, and the guard against losing most of them."""
import dataclasses

from ..common.errors import GuardError
from ..common.publish.foreign import refuse_foreign
from ..common.publish.publication import DATA_FILE
from ..common.read.stores import visible
from .months import folder, list_pinned, month_of, values_of


def published(month):
    """Path of a month's file."""
    return f"{folder(month)}/{DATA_FILE}"


@dataclasses.dataclass
class GoldMonths:
    """files: {month: [DataFile]}, visible ones, those of other writers and of folders such as mes=09 included."""

    files: dict

    def current(self):
        """{path: DataFile} of the published files."""
        return {file.path: file for month, files in self.files.items() for file in files if file.path == published(month)}

    def foreign(self, months):
        """Files of other writers in these months."""
        return [file for month in months for file in self.files.get(month, []) if file.path != published(month)]


def look_at(run, target, pinned):
    """The GoldMonths of a target; with pinned, only these are listed."""
    if not target.is_s3 and run.stores.of(target).stat(target) is None:
        return GoldMonths({})
    if pinned:
        return GoldMonths(list_pinned(run, target, pinned, visible))
    found = {}
    for file in visible(run.stores.list(target), target):
        values = values_of(file.path)
        month = None if values is None else month_of(values)
        if month is not None:
            found.setdefault(month, []).append(file)
    return GoldMonths(found)


def refuse_foreign_months(target, gold, months, adopt):
    for month in sorted(months):
        refuse_foreign(target, folder(month), gold.foreign([month]), adopt)


def guard_shrink(gold, stale, allowed):
    if len(stale) * 2 > len(gold.files) and not allowed:
        raise GuardError(f"{len(stale)} of {len(gold.files)} months of gold are no longer in silver, more than half; gold is unchanged. "
                         "Check the source, or pass --allow-shrink")
