"""Paging, segments and column-free answers of Glue's GetPartitions, and its check of partition values; moto has none of them."""
import base64
import copy
import json

from moto.core.responses import ActionResult
from moto.glue.exceptions import GlueClientError
from moto.glue.models import FakeTable, GlueBackend
from moto.glue.responses import GlueResponse

MOST_RESULTS = 1000
MOST_SEGMENTS = 10


class InvalidInputException(GlueClientError):
    def __init__(self, message):
        super().__init__("InvalidInputException", message)


def install():
    GlueResponse.get_partitions = get_partitions
    create = FakeTable.create_partition
    get = FakeTable.get_partition

    def create_partition(self, partition):
        _check_values(self, partition.get("Values"))
        return create(self, partition)

    def get_partition(self, values):
        _check_values(self, values)
        return get(self, values)

    FakeTable.create_partition = create_partition
    FakeTable.get_partition = get_partition
    create_batch = GlueBackend.batch_create_partition

    def batch_create_partition(self, database_name, table_name, partition_input):
        table = self.get_table(database_name, table_name)
        for partition in partition_input:
            _check_values(table, partition.get("Values"))
        return create_batch(self, database_name, table_name, partition_input)

    GlueBackend.batch_create_partition = batch_create_partition


def get_partitions(self):
    ask = self.parameters
    found = self.glue_backend.get_partitions(ask.get("DatabaseName"), ask.get("TableName"), ask.get("Expression"))
    number, total = _segment(ask.get("Segment"))
    found = [partition for index, partition in enumerate(found) if index % total == number]
    start = _start(ask.get("NextToken"), number, total)
    size = ask.get("MaxResults", MOST_RESULTS)
    if not 1 <= size <= MOST_RESULTS:
        raise InvalidInputException(f"MaxResults must be from 1 to {MOST_RESULTS}")
    page = [copy.deepcopy(partition.as_dict()) for partition in found[start:start + size]]
    if ask.get("ExcludeColumnSchema"):
        for partition in page:
            partition.get("StorageDescriptor", {}).pop("Columns", None)
    answer = {"Partitions": page}
    if start + size < len(found):
        answer["NextToken"] = _token(start + size, number, total)
    return ActionResult(answer)


def _check_values(table, values):
    keys = table.as_dict().get("PartitionKeys", [])
    if len(values or []) != len(keys):
        raise InvalidInputException("The number of partition keys do not match the number of partition values")


def _segment(segment):
    if segment is None:
        return 0, 1
    number, total = segment["SegmentNumber"], segment["TotalSegments"]
    if not (1 <= total <= MOST_SEGMENTS and 0 <= number < total):
        raise InvalidInputException("The segment is not one of its total")
    return number, total


def _token(start, number, total):
    return base64.b64encode(json.dumps([start, number, total]).encode()).decode()


def _start(token, number, total):
    if token is None:
        return 0
    try:
        start, *segment = json.loads(base64.b64decode(token))
    except ValueError:
        raise InvalidInputException("The continuation token is not valid") from None
    if segment != [number, total]:
        raise InvalidInputException("The continuation token is of another segment")
    return start
