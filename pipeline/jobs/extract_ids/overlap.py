"""What a run writes must not be its input, nor where the next run would read it as one."""
import os

from ..common.errors import UsageError
from ..common.read import references
from .keys.lists import is_list


def refuse_inputs(options):
    """Refuses to write what the options name as input.

    :raises UsageError: names the options
    """
    inputs = [(f"--{one}", references.parse(_table_of(getattr(options, one.replace("-", "_"))))) for one in ("table-a", "table-b")]
    inputs = [(option, place) for option, place in inputs if isinstance(place, references.Place)]
    output = references.place(options.output)
    written = [("--report", references.place(options.report))] if options.report and options.report != "-" else []
    written += [("--parts", references.place(options.parts))] if options.parts else []
    for option, place in inputs:
        if place.contains(output) and output.contains(place):
            raise UsageError(f"--output and {option} name the same folder")
        if place.contains(output):
            raise UsageError(f"--output is in the data that {option} names; give another place")
        for other, target in written + [("--output", one) for one in output_files(options)]:
            if place.contains(target):
                raise UsageError(f"{other} names an input of the run: it is in {option}")
    report = next((place for option, place in written if option == "--report"), None)
    if report is not None and any((report.bucket, report.path) == (one.bucket, one.path) for one in output_files(options)):
        raise UsageError("--report names an output of the run")


def output_files(options):
    """The Places of what `publish` will write."""
    output = references.place(options.output)
    return [output.child(key) for key in (options.active_key or "active/latest.txt.gz", options.stage_key or "stage/stage.txt.gz")]


def refuse_output_in(option, files, written):
    """Refuses to write into a table, once the catalog has said where it is.

    :param files: its PlannedFiles
    :param written: Places
    :raises UsageError: names the option of the table
    """
    for table in {_folder_of_table(file.file.place) for file in files}:
        if any(table.contains(one) for one in written):
            raise UsageError(f"--output or --parts is in the data that {option} names ({table.uri}); give another place")


def _folder_of_table(file):
    """The Place of the table of a data file, '' in S3 for a whole bucket."""
    folder = os.path.dirname(file.path)
    path = _table_of("./" + folder)[1:].lstrip("/") if file.is_s3 else _table_of(folder)
    return references.Place(path, file.bucket, path)


def _table_of(reference):
    """The table of a reference that ends in partition folders: /b of /b/dia=20251022."""
    table = reference.rstrip("/")
    while not is_list(reference) and (slash := table.rfind("/")) > 0 and table.find("=", slash) > slash + 1:
        table = table[:slash].rstrip("/")
    return reference if not table or table.endswith(":/") else table
