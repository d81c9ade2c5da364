"""The extractor's own program, for tests that let the Batch agent start it."""
import os
import pathlib
import shutil

from .emulator import ROOT

BUILD = "dotnet build src/IdExtractor -c Release"


def program():
    """The words that start it; None if it is not built. IDEXTRACTOR_PROGRAM names it, a DLL or an executable."""
    named = os.environ.get("IDEXTRACTOR_PROGRAM")
    places = [pathlib.Path(named)] if named else sorted((ROOT / "src" / "IdExtractor" / "bin" / "Release").glob("net*/idextractor.dll"))
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return None
    if found.suffix != ".dll":
        return [str(found)]
    dotnet = shutil.which("dotnet")
    return [dotnet, str(found)] if dotnet else None


def missing():
    """Why the program cannot be started; None if it can."""
    return None if program() else f"the extractor is not built ({BUILD})"


def upload_samples(emulator, bucket, database="datalake"):
    """The samples as tables of the Data Catalog: eligible (Table A) and accounts (Table B) with two partitions."""
    s3, glue = emulator.client("s3"), emulator.client("glue")
    for path in sorted((ROOT / "samples").rglob("*.parquet")):
        s3.upload_file(str(path), bucket, path.relative_to(ROOT / "samples").as_posix())
    try:
        glue.create_database(DatabaseInput={"Name": database})
    except glue.exceptions.AlreadyExistsException:
        pass
    for name, folder, keys in (("eligible", "a", []), ("accounts", "b", [{"Name": "ano_mes_dia", "Type": "string"}])):
        storage = {"Location": f"s3://{bucket}/{folder}/", "Columns": [{"Name": "documento", "Type": "string"}], "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
            "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"}
        glue.create_table(DatabaseName=database, TableInput={"Name": name, "TableType": "EXTERNAL_TABLE", "PartitionKeys": keys, "StorageDescriptor": storage,
                                                             "Parameters": {"classification": "parquet"}})
    for folder in sorted((ROOT / "samples" / "b").iterdir()):
        storage = {"Location": f"s3://{bucket}/b/{folder.name}/"}
        glue.create_partition(DatabaseName=database, TableName="accounts", PartitionInput={"Values": [folder.name.partition("=")[2]], "StorageDescriptor": storage})
