"""The columns of the trip table, in its order."""
from ..common.transform.targets import BIGINT, DOUBLE, STRING, TIMESTAMP

PICKUP, DROPOFF = "tpep_pickup_datetime", "tpep_dropoff_datetime"
COLUMNS = (
    ("VendorID", BIGINT),
    (PICKUP, TIMESTAMP),
    (DROPOFF, TIMESTAMP),
    ("passenger_count", BIGINT),
    ("trip_distance", DOUBLE),
    ("RatecodeID", BIGINT),
    ("store_and_fwd_flag", STRING),
    ("PULocationID", BIGINT),
    ("DOLocationID", BIGINT),
    ("payment_type", BIGINT),
    ("fare_amount", DOUBLE),
    ("extra", DOUBLE),
    ("mta_tax", DOUBLE),
    ("tip_amount", DOUBLE),
    ("tolls_amount", DOUBLE),
    ("improvement_surcharge", DOUBLE),
    ("total_amount", DOUBLE),
    ("congestion_surcharge", DOUBLE),
    ("airport_fee", DOUBLE),
)
NAMES = tuple(name for name, _ in COLUMNS)
KEYS = ("year", "month")
# The file of a source: the first hex digits of the SHA-256 of its path.
PART = "part"
"""Name of the staging column that holds them."""
PART_DIGITS = 16
REQUIRED = (PICKUP, DROPOFF)
RANGES = ("trip_distance", "passenger_count")


def row_order():
    """Pickup first, then every other column: rows of a file have one order."""
    return (PICKUP, *[name for name in NAMES if name != PICKUP])
