"""The table in the Glue Data Catalog, as the crawler or MSCK REPAIR TABLE would find it."""
from ..errors import ConfigurationError, UsageError
from ..read.aws import aws_errors, code_of
from ..read.references import place

INPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
PARAMETERS = {"classification": "parquet", "compressionType": "snappy"}
PER_CALL = 100
PER_DELETE = 25
# What GetTable returns and UpdateTable accepts.
TABLE_INPUT = ("Name", "Description", "Owner", "LastAccessTime", "LastAnalyzedTime", "Retention", "StorageDescriptor", "PartitionKeys",
               "ViewOriginalText", "ViewExpandedText", "TableType", "Parameters", "TargetTable")


class CatalogTable:
    """One table: create or update it, add and remove partitions.

    location  text of the Location of the table; partitions are below it
    columns   [(name, type)]
    keys      [(name, type)]
    """

    def __init__(self, run, name, location, columns, keys):
        self._run = run
        self._glue = run.aws.glue
        self._database, self._name = name
        self._location = location
        self._columns = columns
        self._keys = keys

    def synchronise(self, fixed=None):
        """Creates the database and the table, or updates the table if it differs.

        fixed  how many of the columns are always as given. Those after them are only appended: what the catalog has besides the fixed ones
               stays, in its order and with its types. None: all are fixed, and the catalog has no others.
        """
        existing = self.existing()
        if existing is None:
            self._create_database()
            with aws_errors(f"glue:CreateTable {self._text}"):
                try:
                    self._glue.create_table(DatabaseName=self._database, TableInput=self._table_input({}, self._columns))
                    return
                except Exception as error:
                    if code_of(error) != "AlreadyExistsException":
                        raise
            existing = self.existing() or {}
        columns = list(self._columns) if fixed is None else self._merged(existing, fixed)
        self._columns = columns
        wanted = self._table_input(existing, columns)
        if any(existing.get(key) != value for key, value in wanted.items()):
            with aws_errors(f"glue:UpdateTable {self._text}"):
                self._glue.update_table(DatabaseName=self._database, TableInput=wanted)
            self._run.log.info(f"updated {self._text} in the catalog")

    @property
    def _text(self):
        return f"{self._database}.{self._name}"

    def existing(self):
        """The table as the catalog has it, or None. Raises ConfigurationError if it is not one that an update leaves what it is."""
        table = self._get_table()
        kind = None if table is None else _other_kind(table)
        if kind is not None:
            raise ConfigurationError(f"{self._text} is {kind} in the catalog; registering would make a table of Parquet files of it. Name "
                                     "another table (--register), or drop this one")
        return table

    def _get_table(self):
        with aws_errors(f"glue:GetTable {self._text}"):
            try:
                return self._glue.get_table(DatabaseName=self._database, Name=self._name)["Table"]
            except Exception as error:
                if code_of(error) == "EntityNotFoundException":
                    return None
                raise

    def _create_database(self):
        with aws_errors(f"glue:CreateDatabase {self._database}"):
            try:
                self._glue.get_database(Name=self._database)
                return
            except Exception as error:
                if code_of(error) != "EntityNotFoundException":
                    raise
            try:
                self._glue.create_database(DatabaseInput={"Name": self._database})
            except Exception as error:
                if code_of(error) != "AlreadyExistsException":
                    raise

    def _merged(self, existing, fixed):
        """The fixed columns, the catalog's others, then ours that the catalog does not have."""
        columns = list(self._columns[:fixed])
        for name, kind in [*_pairs(existing.get("StorageDescriptor", {}).get("Columns", [])), *self._columns[fixed:]]:
            if name.lower() not in {known.lower() for known, _ in columns}:
                columns.append((name, kind))
        return columns

    def _table_input(self, existing, columns):
        storage = dict(existing.get("StorageDescriptor", {}))
        storage.update({
            "Columns": _described(columns, existing.get("StorageDescriptor", {}).get("Columns", [])),
            "Location": self._location,
            "InputFormat": INPUT_FORMAT,
            "OutputFormat": OUTPUT_FORMAT,
            "SerdeInfo": {**storage.get("SerdeInfo", {}), "SerializationLibrary": SERDE,
                          "Parameters": {**storage.get("SerdeInfo", {}).get("Parameters", {}), "serialization.format": "1"}},
            "StoredAsSubDirectories": False,
        })
        table = {key: existing[key] for key in TABLE_INPUT if key in existing}
        table.update({
            "Name": self._name,
            "StorageDescriptor": storage,
            "PartitionKeys": _described(self._keys, existing.get("PartitionKeys", [])),
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {**existing.get("Parameters", {}), **PARAMETERS},
        })
        return table

    def partitions(self):
        """{values tuple: Location} of the registered partitions, all pages."""
        request = {"DatabaseName": self._database, "TableName": self._name, "ExcludeColumnSchema": True}
        found, seen = {}, set()
        while True:
            with aws_errors(f"glue:GetPartitions {self._text}"):
                page = self._glue.get_partitions(**request)
            found.update((tuple(entry["Values"]), entry.get("StorageDescriptor", {}).get("Location", ""))
                         for entry in page.get("Partitions", []))
            token = page.get("NextToken")
            if not token:
                return found
            if token in seen:
                raise ConfigurationError(f"{self._text}: GetPartitions returns the same page again")
            seen.add(token)
            request["NextToken"] = token

    def spelled_otherwise(self, partitions, identity):
        """{values: registered values} of partitions that are registered at the Location that they would have, in another spelling: 09 for 9.

        identity  values -> what is equal for all spellings of a partition
        """
        known = self.partitions()
        at = {(identity(values), _uri(location)): values for values, location in known.items()}
        pairs = {values: at.get((identity(values), _uri(self._location_of(values)))) for values in partitions if values not in known}
        return {values: other for values, other in pairs.items() if other is not None}

    def add(self, partitions):
        """Adds [(values)] that are missing; returns those added, in order."""
        missing = sorted(set(partitions) - set(self.partitions()))
        for start in range(0, len(missing), PER_CALL):
            chunk = missing[start:start + PER_CALL]
            with aws_errors(f"glue:BatchCreatePartition {self._text}"):
                reply = self._glue.batch_create_partition(DatabaseName=self._database, TableName=self._name,
                                                          PartitionInputList=[self._partition_input(values) for values in chunk])
            self._refuse(reply, "AlreadyExistsException", "BatchCreatePartition")
        return missing

    def remove(self, is_gone):
        """Removes the registered partitions of which is_gone(values) holds; returns those removed, in order."""
        registered = sorted(filter(is_gone, self.partitions()))
        for start in range(0, len(registered), PER_DELETE):
            chunk = registered[start:start + PER_DELETE]
            with aws_errors(f"glue:BatchDeletePartition {self._text}"):
                reply = self._glue.batch_delete_partition(DatabaseName=self._database, TableName=self._name,
                                                          PartitionsToDelete=[{"Values": list(values)} for values in chunk])
            self._refuse(reply, "EntityNotFoundException", "BatchDeletePartition")
        return registered

    def _refuse(self, reply, harmless, call):
        for entry in reply.get("Errors", []):
            code = entry.get("ErrorDetail", {}).get("ErrorCode", "")
            if code != harmless:
                raise ConfigurationError(f"glue:{call} {self._text}: {code or 'an error without a code'}. The data is published; "
                                         "run again to register it")

    def _location_of(self, values):
        folder = "/".join(f"{name}={value}" for (name, _), value in zip(self._keys, values))
        return f"{self._location.rstrip('/')}/{folder}/"

    def _partition_input(self, values):
        return {
            "Values": list(values),
            "StorageDescriptor": {
                "Columns": _described(self._columns, []),
                "Location": self._location_of(values),
                "InputFormat": INPUT_FORMAT,
                "OutputFormat": OUTPUT_FORMAT,
                "SerdeInfo": {"SerializationLibrary": SERDE, "Parameters": {"serialization.format": "1"}},
                "StoredAsSubDirectories": False,
            },
            "Parameters": dict(PARAMETERS),
        }


def _uri(location):
    """One text for all spellings of a Location: s3a:// and s3://, file:/ and file:///."""
    try:
        return place(location).uri.rstrip("/")
    except UsageError:
        return location


def _other_kind(table):
    """What a table is if it is not one of plain files, else None."""
    parameters = {name.lower(): str(value).lower() for name, value in table.get("Parameters", {}).items()}
    if table.get("TableType", "").upper().endswith("VIEW"):
        return "a view"
    if parameters.get("table_type"):
        return f"a table of the format {parameters['table_type']}"
    provider = parameters.get("spark.sql.sources.provider", "")
    return None if provider in ("", "parquet", "hive") else f"a table of the format {provider}"


def _pairs(columns):
    return [(column["Name"], column.get("Type", "string")) for column in columns]


def _described(columns, existing):
    """Columns as the API wants them, with the comments that the catalog has."""
    comments = {column["Name"].lower(): column["Comment"] for column in existing if column.get("Comment")}
    described = []
    for name, kind in columns:
        comment = {"Comment": comments[name.lower()]} if name.lower() in comments else {}
        described.append({"Name": name, "Type": kind, **comment})
    return described
