"""Silver and gold from files of DuckDB and Polars: encodings that the vectorised reader gets wrong, types that Spark does not infer."""
import datetime
import glob
import importlib
import json
import os
import sys
import tempfile
import unittest
import zipfile

from .background import InBackground
from .spark_support import ROOT, SparkTestCase, run_job
from .test_bronze_to_silver import SilverTestCase, record
from .test_silver_to_gold import GoldTestCase

_state = {}


def peer(name):
    """An installed module, or one from the wheels next to the repository; SkipTest without either."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    if "folder" not in _state:
        _state["folder"] = tempfile.TemporaryDirectory(prefix="idextractor-peers-")
        for wheel in glob.glob(os.path.join(ROOT, "..", "shared", "peers", "*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(_state["folder"].name)
        sys.path.append(_state["folder"].name)
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise unittest.SkipTest(f"no {name}: {error}") from error


class DuckTests(InBackground, SilverTestCase):
    def copy(self, query, name, options="FORMAT parquet, PARQUET_VERSION V2"):
        path = self.path("bronze", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        peer("duckdb").sql(f"COPY ({query}) TO '{path}' ({options})")

    def test_deltaLengthWithNulls_rightRows(self):
        """SPARK-52240: the vectorised reader shifts values here, without an error."""
        self.copy("SELECT 'car' || lpad(i::VARCHAR, 5, '0') AS carChassis, CASE WHEN i % 3 = 0 THEN NULL ELSE 'model number ' || i END AS Model, "
                  "{'metricTimestamp': '2025-10-29T00:00:00Z', 'engineTempCelsius': i / 7} AS metrics FROM range(5000) t(i)", "a.parquet")
        self.run_silver()
        rows = self.silver()["event_year=2025/event_month=10/event_day=29"]
        self.assertEqual([None if i % 3 == 0 else f"model number {i}" for i in range(5000)], [row["Model"] for row in rows])
        self.assertEqual([i / 7 for i in range(5000)], [row["metrics_engineTempCelsius"] for row in rows])

    def test_typesThatSparkDoesNotInfer_areRead(self):
        self.copy("SELECT 'A' AS carChassis, 7::UTINYINT AS year, 18446744073709551615::UBIGINT AS ubig, 12.50::DECIMAL(9,2) AS currentMileage, "
                  "'0f0e0d0c-0b0a-0908-0706-050403020100'::UUID AS uid, TIME '12:34:56.789' AS t, [1, 2] AS list, MAP {'k': 1} AS map, "
                  "'abc'::BLOB AS bytes, DATE '2025-10-30' AS day, "
                  "{'metricTimestamp': TIMESTAMP_NS '2025-10-29 11:00:00.123456789', 'trip': {'tripStartTimestamp': TIMESTAMPTZ '2025-10-29 00:00:00-03'}} "
                  "AS metrics, {'validUntil': TIMESTAMP '2025-12-31 23:59:59'} AS carInsurance", "a.parquet")
        report = self.run_silver()
        self.assertEqual({"bad_value:currentMileage": 1}, report["counts"]["quarantine_reasons"])
        os.unlink(self.path("bronze/a.parquet"))
        self.copy("SELECT 'A' AS carChassis, 7::UTINYINT AS year, 18446744073709551615::UBIGINT AS ubig, 12.00::DECIMAL(9,2) AS currentMileage, "
                  "'0f0e0d0c-0b0a-0908-0706-050403020100'::UUID AS uid, TIME '12:34:56.789' AS t, [1, 2] AS list, MAP {'k': 1} AS map, "
                  "'abc'::BLOB AS bytes, DATE '2025-10-30' AS day, "
                  "{'metricTimestamp': TIMESTAMP_NS '2025-10-29 11:00:00.123456789', 'trip': {'tripStartTimestamp': TIMESTAMPTZ '2025-10-29 00:00:00-03'}} "
                  "AS metrics, {'validUntil': TIMESTAMP '2025-12-31 23:59:59'} AS carInsurance", "a.parquet")
        self.run_silver()
        row = self.silver()["event_year=2025/event_month=10/event_day=29"][0]
        at = int(datetime.datetime(2025, 10, 29, 11, tzinfo=datetime.timezone.utc).timestamp()) * 10 ** 6
        self.assertEqual((at + 123456, at - 8 * 3600 * 10 ** 6, 7, 12, "2025-12-31"),
                         tuple(row[name] for name in ("metrics_metricTimestamp", "metrics_trip_tripStartTimestamp", "year", "currentMileage",
                                                      "carInsurance_validUntil")))
        self.assertEqual(("18446744073709551615", "0f0e0d0c-0b0a-0908-0706-050403020100", "12:34:56.789000", "[1,2]", '{"k":1}', "YWJj", "2025-10-30"),
                         tuple(row[name] for name in ("ubig", "uid", "t", "list", "map", "bytes", "day")))

    def test_codecSparkDoesNotHave_exit7WithColumn(self):
        self.copy("SELECT 'A' AS carChassis", "a.parquet", "FORMAT parquet, COMPRESSION brotli")
        report = self.run_silver(code=7)
        self.assertEqual("carChassis", report["error"]["column"])
        self.assertIn("BROTLI", report["error"]["message"])

    def test_targetFileOfAnotherWriter_upserted(self):
        """A data.parquet that was compacted by another writer: same rows, other encodings."""
        self.bronze("a.parquet", [record(chassis, "2025-10-29T00:00:00Z") for chassis in ("A", "B")])
        self.run_silver()
        path = os.path.join(self.target, "event_year=2025/event_month=10/event_day=29/data.parquet")
        peer("duckdb").sql(f"COPY (SELECT * FROM read_parquet('{path}', hive_partitioning = false)) TO '{path}.new' (FORMAT parquet, PARQUET_VERSION V2)")
        os.replace(f"{path}.new", path)
        os.unlink(self.path("bronze/a.parquet"))
        self.bronze("b.parquet", [record("C", "2025-10-29T00:00:00Z")])
        self.run_silver()
        self.check([record(chassis, "2025-10-29T00:00:00Z") for chassis in ("A", "B", "C")])


class PolarsTests(InBackground, GoldTestCase):
    def test_polarsAndDuckFiles_sameMeans(self):
        rows = [(i % 5, None if i % 7 == 0 else i % 2 == 0, None if i % 11 == 0 else i / 8) for i in range(3000)]
        folder = self.path("silver", "ano=2025", "mes=9")
        os.makedirs(folder)
        polars = peer("polars")
        frame = polars.DataFrame(rows, schema={"idade": polars.Int32, "ativo": polars.Boolean, "salario": polars.Float64}, orient="row")
        frame.write_parquet(os.path.join(folder, "polars.parquet"), compression="zstd")
        peer("duckdb").sql(f"COPY (SELECT * FROM read_parquet('{folder}/polars.parquet', hive_partitioning = false)) TO '{folder}/duck.parquet' "
                           "(FORMAT parquet, PARQUET_VERSION V2)")
        self.run_gold()
        self.check("ano=2025/mes=9", rows + rows)


class TaxiTests(InBackground, SparkTestCase):
    TRIPS = ("SELECT 1 AS VendorID, TIMESTAMP '2024-01-15 10:00:00' AS tpep_pickup_datetime, TIMESTAMP '2024-01-15 10:30:00' AS "
             "tpep_dropoff_datetime, {} AS trip_distance FROM range(2)")

    def run_taxi(self, code):
        got, report, _ = run_job("process_taxi", "--source", self.path("raw"), "--target", self.path("taxi"))
        self.assertEqual(code, got, report["error"])
        return report

    def test_unknownColumnsThatSparkDoesNotRead_areDroppedAndNamed(self):
        os.makedirs(self.path("raw"))
        path = self.path("raw", "duck.parquet")
        trips = self.TRIPS.format("-1.0")
        peer("duckdb").sql(f"COPY (SELECT *, INTERVAL 5 MINUTE AS waited, 'x' AS note FROM ({trips})) TO '{path}' (FORMAT parquet)")
        polars = peer("polars")
        trip = {"tpep_pickup_datetime": datetime.datetime(2024, 1, 15, 10), "tpep_dropoff_datetime": datetime.datetime(2024, 1, 15, 11)}
        frame = polars.DataFrame([trip, trip])
        frame.write_parquet(self.path("raw", "polars.parquet"))
        report = self.run_taxi(0)
        self.assertEqual(["note", "waited"], report["columns_ignored"])
        self.assertEqual({"out_of_range:trip_distance": 2}, report["counts"]["quarantine_reasons"])
        self.assertEqual(2, report["counts"]["rows_written"])
        name, = self.files(self.path("taxi_quarantine"))
        record = json.loads(self.read(self.path("taxi_quarantine", name))[0]["record"])
        self.assertEqual(("x", False), (record["note"], "waited" in record))
        half = polars.lit(0.5).cast(polars.Float16).alias("half")
        frame.with_columns(half).write_parquet(self.path("raw", "polars.parquet"))
        self.assertEqual("half", self.run_taxi(7)["error"]["column"])

    def test_columnOfTheTableThatSparkDoesNotRead_exit7NamesIt(self):
        os.makedirs(self.path("raw"))
        peer("duckdb").sql(f"COPY ({self.TRIPS.format('INTERVAL 5 MINUTE')}) TO '{self.path('raw', 'a.parquet')}' (FORMAT parquet)")
        self.assertEqual("trip_distance", self.run_taxi(7)["error"]["column"])
