"""The silver table's columns, and where bronze has them."""
import dataclasses

from ..common.transform.targets import BIGINT, DATE, DOUBLE, STRING, TIMESTAMP


@dataclasses.dataclass(frozen=True)
class SilverColumn:
    """name, type, and the path of the field in bronze; derived columns have no path."""

    name: str
    type: str
    path: tuple = ()


def _struct(path, kind, *fields):
    return [SilverColumn("_".join((*path, field)), kind, (*path, field)) for field in fields]


COLUMNS = (
    SilverColumn("carChassis", STRING, ("carChassis",)),
    SilverColumn("Model", STRING, ("Model",)),
    SilverColumn("year", BIGINT, ("year",)),
    SilverColumn("ModelYear", BIGINT, ("ModelYear",)),
    SilverColumn("Manufacturer", STRING, ("Manufacturer",)),
    SilverColumn("horsePower", BIGINT, ("horsePower",)),
    SilverColumn("gasType", STRING, ("gasType",)),
    SilverColumn("currentMileage", BIGINT, ("currentMileage",)),
    SilverColumn("color", STRING, ("color",)),
    SilverColumn("fuelCapacityLiters", DOUBLE, ("fuelCapacityLiters",)),
    *_struct(("metrics",), DOUBLE, "engineTempCelsius", "oilTempCelsius", "batteryChargePerc", "fuelAvailableLiters", "coolantCelsius"),
    *_struct(("metrics", "trip"), DOUBLE, "tripMileage", "tripTimeMinutes", "tripFuelLiters", "tripMaxSpeedKm", "tripAverageSpeedKm"),
    *_struct(("metrics", "trip"), TIMESTAMP, "tripStartTimestamp"),
    *_struct(("metrics",), TIMESTAMP, "metricTimestamp"),
    *_struct(("carInsurance",), STRING, "number", "provider"),
    *_struct(("carInsurance",), DATE, "validUntil"),
    *_struct(("market",), DOUBLE, "currentPrice"),
    *_struct(("market",), STRING, "currency", "location", "dealer"),
    *_struct(("market",), DOUBLE, "warrantyYears"),
    *_struct(("market",), STRING, "evaluator"),
    SilverColumn("metrics_fuel_level_percentage", DOUBLE),
    SilverColumn("metrics_trip_km_per_liter", DOUBLE),
)
NAMES = tuple(column.name for column in COLUMNS)
READ = tuple(column for column in COLUMNS if column.path)
# Structs of the table, by the lower-case path, with the spelling of their top-level field.
STRUCTS = {("metrics",): "metrics", ("metrics", "trip"): "metrics", ("carinsurance",): "carInsurance", ("market",): "market"}

EVENT_TIME = "metrics_metricTimestamp"
KEYS = ("event_year", "event_month", "event_day")
# Added by the loader of bronze, or taken from its folders.
DROPPED = ("ingestion_timestamp", "source_file", "source_bucket", "ingest_year", "ingest_month", "ingest_day")
MAX_ADDED = 100
DEFAULT_KEY = ("carChassis",)
"""One row per car and event day."""


def total_order(added):
    """Columns by which the greatest row wins: a total order, so that batches in any order give the same table."""
    first = (EVENT_TIME, "currentMileage")
    return (*first, *[name for name in NAMES if name not in first], *added)


def folder(year, month, day):
    return f"{KEYS[0]}={year}/{KEYS[1]}={month}/{KEYS[2]}={day}"
