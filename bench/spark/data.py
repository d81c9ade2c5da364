"""The tables of the benchmark, by Spark: the same rows on every machine. Made once, kept in the
data folder.
"""
import os
import shutil

PEOPLE = 100_000
CARS = 50_000
DAY = "2025-10-29"
TINY = 1000


def people(spark, folder):
    """Table A: CPFs of 11 digits."""
    path = os.path.join(folder, "a")
    if not os.path.isdir(path):
        _write(spark.range(PEOPLE).selectExpr("lpad(cast(pmod(xxhash64(id), 100000000000) as string), 11, '0') documento"), path, 1)
    return path


def accounts(spark, folder, rows, reader):
    """Table B: one partition of `rows`. 'vectorised' has dictionaries and plain pages, 'row' has
    v2 pages with delta encodings, which only the row reader reads correctly.
    """
    path = os.path.join(folder, f"b-{reader}-{rows}")
    if not os.path.isdir(path):
        # One row in about 450 belongs to a person of A.
        document = (f"case when pmod(xxhash64(id, 7), 450) = 0 then lpad(cast(pmod(xxhash64(pmod(xxhash64(id, 9), {PEOPLE})), "
                    f"100000000000) as string), 14, '0') "
                    "when pmod(id, 40) <> 0 then lpad(cast(pmod(xxhash64(id, 3), 100000000000) as string), 14, '0') end documento")
        frame = spark.range(rows).selectExpr(document, "concat('AC', lpad(cast(id as string), 12, '0')) id",
                                             "cast(pmod(id, 1000) as double) / 100 valor")
        options = {} if reader == "vectorised" else {"parquet.writer.version": "v2", "parquet.enable.dictionary": "false"}
        _write(frame, os.path.join(path, "ano_mes_dia=20251029"), max(2, rows // 3_000_000), **options)
    return path


def events(spark, folder, rows, late=False):
    """Bronze: events of one day, nested as the loader writes them. With late, events of the same
    day that arrive afterwards.
    """
    path = os.path.join(folder, f"bronze-{rows}{'-late' if late else ''}")
    if not os.path.isdir(path):
        seconds = "pmod(xxhash64(id, 5), 86400)" if not late else "86399 - pmod(id, 600)"
        frame = spark.range(rows).selectExpr(
            f"concat('CH', lpad(cast(pmod(id, {CARS}) as string), 15, '0')) carChassis", "'Model ' || cast(pmod(id, 20) as string) Model",
            "2020 year", "2021 ModelYear",
            "'acme motors' Manufacturer", "150 horsePower", "'Gasoline' gasType", "cast(10000 + id as bigint) currentMileage",
            "'BLUE' color", "50 fuelCapacityLiters",
            f"named_struct('engineTempCelsius', 90.5, 'batteryChargePerc', 80.0, 'fuelAvailableLiters', 20.5, 'metricTimestamp', "
            f"date_format(timestamp_seconds(unix_timestamp('{DAY} 00:00:00') + {seconds}), "
            "'yyyy-MM-dd HH:mm:ss'), 'trip', named_struct('tripMileage', 12.5, 'tripFuelLiters', 1.5)) metrics",
            "named_struct('number', 'x', 'provider', 'y', 'validUntil', '2026-01-01') carInsurance",
            "named_struct('currentPrice', 1000.0, 'currency', 'BRL') market")
        _write(frame, path, 4)
    return path


def people_of_months(spark, folder, rows):
    """Silver of seed 001: 12 months."""
    path = os.path.join(folder, f"silver-{rows}")
    if not os.path.isdir(path):
        frame = spark.range(rows).selectExpr("cast(18 + pmod(id, 60) as int) idade", "pmod(id, 3) > 0 ativo",
                                             "1000 + cast(pmod(xxhash64(id), 900000) as double) / 100 salario",
                                             "'2025' ano", "lpad(cast(1 + pmod(id, 12) as string), 2, '0') mes")
        staging = path + ".part"
        shutil.rmtree(staging, ignore_errors=True)
        frame.repartition("mes").write.partitionBy("ano", "mes").parquet(staging)
        os.rename(staging, path)
    return path


def tiny(spark, folder):
    """A few rows for each job: what remains is the fixed cost."""
    path = os.path.join(folder, "tiny")
    if not os.path.isdir(path):
        staging = path + ".part"
        shutil.rmtree(staging, ignore_errors=True)
        spark.range(10).selectExpr("lpad(cast(id as string), 11, '0') documento").coalesce(1).write.parquet(os.path.join(staging, "a"))
        spark.range(TINY).selectExpr("lpad(cast(id as string), 14, '0') documento", "cast(id as string) id").coalesce(1).write.parquet(
            os.path.join(staging, "b"))
        spark.read.parquet(events(spark, folder, 10_000, late=True)).limit(TINY).coalesce(1).write.parquet(os.path.join(staging, "bronze"))
        spark.range(TINY).selectExpr("cast(18 + pmod(id, 60) as int) idade", "true ativo", "1000.0D salario").coalesce(1).write.parquet(
            os.path.join(staging, "silver", "ano=2025", "mes=09"))
        os.rename(staging, path)
    return path


def is_complete(folder, sizes, readers, event_rows, late_rows, salaries):
    """Whether every table is there."""
    names = ["a", "tiny", f"bronze-{event_rows}", f"bronze-{late_rows}-late", f"silver-{salaries}",
             *(f"b-{reader}-{rows}" for reader in readers for rows in sizes)]
    return all(os.path.isdir(os.path.join(folder, name)) for name in names)


def _write(frame, path, files, **options):
    staging = path + ".part"
    shutil.rmtree(staging, ignore_errors=True)
    frame.repartition(files).write.options(**options).parquet(staging)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.rename(staging, path)
