"""A reference implementation of bronze_to_silver in plain Python: no Spark, and none of the job's code."""
import datetime
import decimal
import json
import math
import re

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = [
    ("carChassis", "string"), ("Model", "string"), ("year", "bigint"), ("ModelYear", "bigint"), ("Manufacturer", "string"), ("horsePower", "bigint"),
    ("gasType", "string"), ("currentMileage", "bigint"), ("color", "string"), ("fuelCapacityLiters", "double"),
    ("metrics.engineTempCelsius", "double"), ("metrics.oilTempCelsius", "double"), ("metrics.batteryChargePerc", "double"),
    ("metrics.fuelAvailableLiters", "double"), ("metrics.coolantCelsius", "double"),
    ("metrics.trip.tripMileage", "double"), ("metrics.trip.tripTimeMinutes", "double"), ("metrics.trip.tripFuelLiters", "double"),
    ("metrics.trip.tripMaxSpeedKm", "double"), ("metrics.trip.tripAverageSpeedKm", "double"),
    ("metrics.trip.tripStartTimestamp", "timestamp"), ("metrics.metricTimestamp", "timestamp"),
    ("carInsurance.number", "string"), ("carInsurance.provider", "string"), ("carInsurance.validUntil", "date"),
    ("market.currentPrice", "double"), ("market.currency", "string"), ("market.location", "string"), ("market.dealer", "string"),
    ("market.warrantyYears", "double"), ("market.evaluator", "string"),
]
NAMES = [path.replace(".", "_") for path, _ in FIELDS] + ["metrics_fuel_level_percentage", "metrics_trip_km_per_liter"]
DROPPED = {"ingestion_timestamp", "source_file", "source_bucket", "ingest_year", "ingest_month", "ingest_day"}
TIME = "metrics_metricTimestamp"
BAD = object()
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def present(value):
    """None for what counts as no value."""
    if isinstance(value, str):
        return value.strip(" \t\r\n") or None
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def convert(value, to):
    value = present(value)
    return None if value is None else globals()[f"to_{to}"](value)


def to_string(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value))
    return BAD if isinstance(value, (dict, list)) else str(value)


def to_bigint(value):
    if isinstance(value, bool):
        return BAD
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= 2 ** 53 else BAD
    return int(value) if isinstance(value, str) and re.fullmatch("[+-]?[0-9]{1,18}", value) else BAD


def to_double(value):
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return BAD
    if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", value):
        return BAD
    return float(value) if math.isfinite(float(value)) else BAD


def to_timestamp(value):
    """Microseconds since 1970."""
    if isinstance(value, datetime.datetime):
        return micros(value)
    if not isinstance(value, str):
        return BAD
    match = re.fullmatch(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})( GMT)?", value)
    if match and match[2] in MONTHS:
        return moment(match[3], MONTHS.index(match[2]) + 1, *match.group(1, 4, 5, 6))
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?", value)
    if not match:
        return BAD
    offset = 0
    if match[8] not in (None, "Z"):
        hours, minutes = int(match[8][1:3]), int(match[8][4:])
        if minutes > 59 or hours * 60 + minutes > 18 * 60:
            return BAD
        offset = (hours * 60 + minutes) * (-1 if match[8][0] == "-" else 1)
    base = moment(*match.group(1, 2, 3, 4, 5, 6))
    return BAD if base is BAD else base - offset * 60_000_000 + int((match[7] or "").ljust(6, "0")[:6])


def moment(year, month, day, hour, minute, second):
    try:
        return micros(datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC))
    except ValueError:
        return BAD


def micros(time):
    return (time - EPOCH) // datetime.timedelta(microseconds=1)


def to_date(value):
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            return BAD
    return BAD


def text_of(value):
    """An unknown field as text."""
    if isinstance(value, (list, bytes)):
        return json.dumps(value, separators=(",", ":"))
    value = present(value)
    return None if value is None else to_string(value)


def half_up(value):
    return float(decimal.Decimal(repr(value)).quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP))


def title(text):
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


def judge(record, started, keys=("carChassis",)):
    """(row, None) or (None, reason). Field names in records are spelled as in the table."""
    row, bad, broken = {}, set(), []
    for path, kind in FIELDS:
        name, value = path.replace(".", "_"), record
        for depth, part in enumerate(path.split(".")):
            if value is not None and not isinstance(value, dict):
                if present(value) is not None:
                    broken.append(path.split(".")[0])
                value = None
            value = None if value is None else value.get(part)
        converted = convert(value, kind)
        if converted is BAD:
            bad.add(name)
        row[name] = None if converted is BAD else converted
    reason = reason_of(row, bad, broken, started, keys)
    if reason:
        return None, reason
    row["Manufacturer"] = row["Manufacturer"] and title(row["Manufacturer"])
    row["color"] = row["color"] and row["color"].lower()
    capacity, liters = row["fuelCapacityLiters"], row["metrics_trip_tripFuelLiters"]
    available, mileage = row["metrics_fuelAvailableLiters"], row["metrics_trip_tripMileage"]
    row["metrics_fuel_level_percentage"] = half_up(available / capacity * 100) if capacity and capacity > 0 and available is not None else None
    row["metrics_trip_km_per_liter"] = half_up(mileage / liters) if liters and liters > 0 and mileage is not None else None
    known = {path for path, _ in FIELDS}
    structs = {"metrics", "metrics.trip", "carInsurance", "market"}
    added = {}

    def visit(value, above):
        for part, inner in value.items():
            path = ".".join((*above, part))
            if path in known or path in structs and not isinstance(inner, dict) or not above and part in DROPPED:
                continue
            if isinstance(inner, dict):
                visit(inner, (*above, part))
            else:
                added[path.replace(".", "_").lower()] = text_of(inner)
    visit(record, ())
    return {**row, **added}, None


def reason_of(row, bad, broken, started, keys):
    if any(row[key] is None and key not in bad for key in keys):
        return "missing_key"
    if TIME in bad:
        return "bad_timestamp"
    if row[TIME] is None:
        return "missing_timestamp"
    if not micros(datetime.datetime(2000, 1, 1, tzinfo=UTC)) <= row[TIME] <= micros(started + datetime.timedelta(hours=24)):
        return "timestamp_out_of_range"
    for name in NAMES:
        if name in bad:
            return f"bad_value:{name}"
    for name in ("metrics", "carInsurance", "market"):
        if name in broken:
            return f"bad_value:{name}"
    if (row["currentMileage"] or 0) < 0:
        return "out_of_range:currentMileage"
    if not 0 <= (row["metrics_batteryChargePerc"] or 0) <= 100:
        return "out_of_range:metrics_batteryChargePerc"
    if (row["metrics_fuelAvailableLiters"] or 0) < 0:
        return "out_of_range:metrics_fuelAvailableLiters"
    return None


def day_of(row):
    day = EPOCH + datetime.timedelta(microseconds=row[TIME])
    return f"event_year={day.year}/event_month={day.month:02d}/event_day={day.day:02d}"


def upsert(rows, keys=("carChassis",)):
    """{day: [rows]}: the greatest of each key by the total order, in the order of car and time."""
    added = sorted({name for row in rows for name in row} - set(NAMES), key=lambda name: name.encode())
    order = [TIME, "currentMileage", *[name for name in NAMES if name not in (TIME, "currentMileage")], *added]

    def rank(row):
        values = [row.get(name) for name in order]
        return [(value is not None, value.encode() if isinstance(value, str) else value if value is not None else 0) for value in values]

    best = {}
    for row in rows:
        key = (day_of(row), *[row[name] for name in keys])
        if key not in best or rank(row) > rank(best[key]):
            best[key] = row
    days = {}
    for key in sorted(best, key=lambda k: k[0]):
        days.setdefault(key[0], []).append(best[key])
    for rows_of_day in days.values():
        rows_of_day.sort(key=lambda row: (row["carChassis"].encode(), row[TIME]))
    return days
