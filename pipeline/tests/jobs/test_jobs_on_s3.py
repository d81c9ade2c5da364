"""Silver and gold on S3's semantics and with the Glue Data Catalog: the emulator, and Spark on s3:// through a file system of the tests."""
import os
import unittest
from unittest import mock

from . import emulator_support
from .side_by_side import SideBySide, alone
from .spark_support import SparkTestCase, run_job, spark
from .test_bronze_to_silver import record

# The class path has to be known before the suite's session starts, so this comes at import.
try:
    emulator_support.compile_file_system()
except unittest.SkipTest:
    pass

BUCKET = "lake"


class CloudTestCase(SparkTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A run reverts its settings, and others run beside it.
        spark().sparkContext._jsc.hadoopConfiguration().set("fs.emulator.endpoint", emulator_support.start_emulator())
        cls.s3, cls.glue = emulator_support.client("s3"), emulator_support.client("glue")
        if BUCKET not in [bucket["Name"] for bucket in cls.s3.list_buckets()["Buckets"]]:
            cls.s3.create_bucket(Bucket=BUCKET)

    def setUp(self):
        super().setUp()
        self.prefix = self.id().rpartition(".")[2]

    def upload(self, name, rows, schema):
        self.write(f"_up/{name}", rows, schema)
        self.s3.upload_file(self.path("_up", name), BUCKET, f"{self.prefix}/{name}")

    def keys(self, prefix):
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return sorted(entry["Key"] for entry in found)

    def download(self, key):
        path = self.path("_down", key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.s3.download_file(BUCKET, key, path)
        return self.read(path)

    def run_cloud(self, job, *options, code=0):
        got, report, err = run_job(job, *options, *emulator_support.job_options())
        self.assertEqual(code, got, (report["error"], err))
        return report

    def table(self, database, name):
        return self.glue.get_table(DatabaseName=database, Name=name)["Table"]

    def partitions(self, database, name):
        found = self.glue.get_partitions(DatabaseName=database, TableName=name)["Partitions"]
        return {tuple(p["Values"]): p["StorageDescriptor"]["Location"] for p in found}


SILVER = "idade int, ativo boolean, salario double"


class GoldTests(SideBySide, CloudTestCase):
    def gold(self, *options, code=0):
        return self.run_cloud("silver_to_gold", "--source", f"s3://{BUCKET}/{self.prefix}/silver/", "--target", f"s3://{BUCKET}/{self.prefix}/gold/",
                              *options, code=code)

    def test_run_publishesReplacesAndRemoves(self):
        self.upload("silver/ano=2025/mes=09/a.parquet", [(1, True, 2.0), (1, True, 4.0)], SILVER)
        self.upload("silver/ano=2025/mes=10/a.parquet", [(1, True, 5.0)], SILVER)
        self.s3.put_object(Bucket=BUCKET, Key=f"_staging/{self.prefix}/gold/20250101T000000Z-0123abcd/x.parquet", Body=b"left")
        below = f"_staging/{self.prefix}/gold/below/20250101T000000Z-0123abcd/x.parquet"
        self.s3.put_object(Bucket=BUCKET, Key=below, Body=b"of another target")
        self.gold()
        key = f"{self.prefix}/gold/ano=2025/mes=9/data.parquet"
        self.assertEqual([f"{self.prefix}/gold/ano=2025/mes=10/data.parquet", key], self.keys(f"{self.prefix}/gold/"))
        self.assertEqual([{"idade": 1, "ativo": True, "salario_medio": 3.0}], self.download(key))
        self.s3.delete_object(Bucket=BUCKET, Key=f"{self.prefix}/silver/ano=2025/mes=10/a.parquet")
        report = self.gold()
        self.assertEqual(["ano=2025/mes=10"], report["partitions_removed"])
        self.assertEqual([key], self.keys(f"{self.prefix}/gold/"))
        self.assertEqual([below], self.keys(f"_staging/{self.prefix}/"))

    def test_register_createsUpdatesAddsAndRemoves(self):
        name = ("--register", "gold_data.sample_data_aggregated", "--catalog-location", "s3://elsewhere/gold/")
        for month in (9, 10):
            self.upload(f"silver/ano=2025/mes={month:02d}/a.parquet", [(1, True, 2.0)], SILVER)
        report = self.gold(*name)
        self.assertEqual({"table": "gold_data.sample_data_aggregated", "partitions_added": ["ano=2025/mes=10", "ano=2025/mes=9"],
                          "partitions_removed": []}, report["catalog"])
        table = self.table("gold_data", "sample_data_aggregated")
        self.assertEqual([{"Name": "idade", "Type": "int"}, {"Name": "ativo", "Type": "boolean"}, {"Name": "salario_medio", "Type": "double"}],
                         table["StorageDescriptor"]["Columns"])
        self.assertEqual([{"Name": "ano", "Type": "int"}, {"Name": "mes", "Type": "int"}], table["PartitionKeys"])
        self.assertEqual(("EXTERNAL_TABLE", "s3://elsewhere/gold/", "parquet", "snappy"),
                         (table["TableType"], table["StorageDescriptor"]["Location"], table["Parameters"]["classification"],
                          table["Parameters"]["compressionType"]))
        self.assertEqual({("2025", "9"): "s3://elsewhere/gold/ano=2025/mes=9/", ("2025", "10"): "s3://elsewhere/gold/ano=2025/mes=10/"},
                         self.partitions("gold_data", "sample_data_aggregated"))
        changed = {"Name": "sample_data_aggregated", "Parameters": {"crawler": "kept"}, "StorageDescriptor": {"Columns": [], "Location": "s3://x/"}}
        self.glue.update_table(DatabaseName="gold_data", TableInput=changed)
        self.s3.delete_object(Bucket=BUCKET, Key=f"{self.prefix}/silver/ano=2025/mes=10/a.parquet")
        report = self.gold(*name)
        self.assertEqual(["ano=2025/mes=10"], report["catalog"]["partitions_removed"])
        again = self.table("gold_data", "sample_data_aggregated")
        self.assertEqual(table["StorageDescriptor"]["Columns"], again["StorageDescriptor"]["Columns"])
        self.assertEqual("kept", again["Parameters"]["crawler"])

    def test_register_otherSpellingsOfMonths_areNotAddedAndGoWithTheirFiles(self):
        name = ("--register", "gold_data.spellings")
        for month in (9, 10, 11):
            self.upload(f"silver/ano=2025/mes={month}/a.parquet", [(1, True, 2.0)], SILVER)
        self.gold(*name)
        template = self.glue.get_partition(DatabaseName="gold_data", TableName="spellings", PartitionValues=["2025", "9"])["Partition"]
        for month in ("08", "09", "010"):
            self.glue.create_partition(DatabaseName="gold_data", TableName="spellings", PartitionInput={
                "Values": ["2025", month], "StorageDescriptor": template["StorageDescriptor"]})
        for place in ("mes=08/data.parquet", "mes=09/part-0.parquet"):
            self.upload(f"gold/ano=2025/{place}", [(1, True, 2.0)], "idade int, ativo boolean, salario_medio double")
        report = self.gold(*name, "--adopt")
        self.assertEqual(["ano=2025/mes=8"], report["partitions_removed"])
        self.assertEqual(([], ["ano=2025/mes=08", "ano=2025/mes=09"]),
                         (report["catalog"]["partitions_added"], report["catalog"]["partitions_removed"]))
        self.assertEqual({("2025", "9"), ("2025", "10"), ("2025", "11"), ("2025", "010")}, set(self.partitions("gold_data", "spellings")))

    def test_register_monthInAnotherSpellingAtItsOwnFolder_isNotAddedTwice(self):
        name = ("--register", "gold_data.one_folder", "--catalog-location", "s3://elsewhere/gold")
        for month in (9, 10):
            self.upload(f"silver/ano=2025/mes={month}/a.parquet", [(1, True, 2.0)], SILVER)
        self.gold(*name, "--partition", "ano=2025/mes=10")
        template = self.glue.get_partition(DatabaseName="gold_data", TableName="one_folder", PartitionValues=["2025", "10"])["Partition"]
        for values, location in ((["2025", "09"], "s3://elsewhere/gold/ano=2025/mes=9"), (["2025", "010"], "s3://elsewhere/other/")):
            self.glue.create_partition(DatabaseName="gold_data", TableName="one_folder", PartitionInput={
                "Values": values, "StorageDescriptor": {**template["StorageDescriptor"], "Location": location}})
        before = self.partitions("gold_data", "one_folder")
        # A folder of the same spelling is adopted: the registered partition is not that folder's, and stays.
        self.upload("gold/ano=2025/mes=09/part-0.parquet", [(1, True, 2.0)], "idade int, ativo boolean, salario_medio double")
        report = self.gold(*name, "--adopt")
        self.assertEqual(([], []), (report["catalog"]["partitions_added"], report["catalog"]["partitions_removed"]))
        self.assertEqual(before, self.partitions("gold_data", "one_folder"))

    def test_glueSource_locationsAnywhereAndPages(self):
        self.glue.create_database(DatabaseInput={"Name": "silver_data"})
        storage = {"Columns": [{"Name": "idade", "Type": "int"}], "Location": f"s3://{BUCKET}/{self.prefix}/nowhere/"}
        self.glue.create_table(DatabaseName="silver_data", TableInput={
            "Name": "sample_data_partitioned", "StorageDescriptor": storage,
            "PartitionKeys": [{"Name": "ano", "Type": "string"}, {"Name": "mes", "Type": "string"}]})
        for month, folder in (("09", "odd/place"), ("x", "never/read")):
            self.upload(f"{folder}/a.parquet", [(1, True, 2.0)], SILVER)
            self.glue.create_partition(DatabaseName="silver_data", TableName="sample_data_partitioned", PartitionInput={
                "Values": ["2025", month], "StorageDescriptor": {**storage, "Location": f"s3://{BUCKET}/{self.prefix}/{folder}/"}})
        report = self.run_cloud("silver_to_gold", "--source", "glue://silver_data/sample_data_partitioned", "--target", self.path("gold"))
        self.assertEqual((["ano=2025/mes=9"], 1), (report["partitions_written"], report["counts"]["partitions_skipped"]))
        report = self.run_cloud("silver_to_gold", "--source", "glue://silver_data/sample_data_partitioned", "--target", self.path("gold"),
                                "--partition", "ano=2025/mes=9")
        self.assertEqual((1, 0), (report["counts"]["files_read"], report["counts"]["partitions_skipped"]))
        self.run_cloud("silver_to_gold", "--source", "glue://silver_data/missing", "--target", self.path("gold"), code=3)

    def test_register_view_exit3BeforeAnythingIsPublished(self):
        self.glue.create_database(DatabaseInput={"Name": "views"})
        self.glue.create_table(DatabaseName="views", TableInput={"Name": "v", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "SELECT 1"})
        for job in ("silver_to_gold", "bronze_to_silver", "process_taxi"):
            report = self.run_cloud(job, "--source", f"s3://{BUCKET}/{self.prefix}/in/", "--target", f"s3://{BUCKET}/{self.prefix}/out/",
                                    "--register", "views.v", code=3)
            self.assertIn("views.v is a view", report["error"]["message"])
        self.assertEqual("SELECT 1", self.table("views", "v")["ViewOriginalText"])

    def test_glueSource_oneFolderUnderTwoSpellings_countsOnce_underTwoMonths_exit3(self):
        self.glue.create_database(DatabaseInput={"Name": "silver_twice"})
        place = f"s3://{BUCKET}/{self.prefix}/ano=2025"
        storage = {"Columns": [{"Name": "idade", "Type": "int"}], "Location": place}
        self.glue.create_table(DatabaseName="silver_twice", TableInput={
            "Name": "t", "StorageDescriptor": storage, "PartitionKeys": [{"Name": "ano", "Type": "string"}, {"Name": "mes", "Type": "string"}]})

        def register(month, folder):
            self.glue.create_partition(DatabaseName="silver_twice", TableName="t", PartitionInput={
                "Values": ["2025", month], "StorageDescriptor": {**storage, "Location": f"{place}/{folder}"}})
        for folder, salary in (("mes=9", 10.0), ("mes=09", 40.0)):
            self.upload(f"ano=2025/{folder}/a.parquet", [(1, True, salary)], SILVER)
        for month, folder in (("9", "mes=9"), ("09", "mes=09/"), ("009", "mes=9/")):
            register(month, folder)
        options = ("--source", "glue://silver_twice/t", "--target", self.path("gold"))
        self.assertEqual(2, self.run_cloud("silver_to_gold", *options)["counts"]["rows_read"])
        self.assertEqual([25.0], [row["salario_medio"] for row in self.read(self.path("gold/ano=2025/mes=9/data.parquet"))])
        register("10", "mes=9")
        for pin in ((), ("--partition", "ano=2025/mes=10")):
            message = self.run_cloud("silver_to_gold", *options, *pin, code=3)["error"]["message"]
            self.assertIn("ano=2025/mes=9 and ano=2025/mes=10", message)


class SilverTests(SideBySide, CloudTestCase):
    def upload_bronze(self, name, records):
        from .test_bronze_to_silver import SilverTestCase
        SilverTestCase.bronze(self, f"../_up/{name}", records)
        self.s3.upload_file(self.path("_up", name), BUCKET, f"{self.prefix}/bronze/{name}")

    def silver(self, *options, code=0):
        return self.run_cloud("bronze_to_silver", "--source", f"s3://{BUCKET}/{self.prefix}/bronze/", "--target", f"s3://{BUCKET}/{self.prefix}/silver/",
                              "--bookmark", f"s3://{BUCKET}/{self.prefix}/state/bookmark.json", *options, code=code)

    def test_run_upsertsQuarantinesAndRegisters(self):
        name = ("--register", "lake.silver_car_telemetry")
        self.upload_bronze("a b+c.parquet", [record("A", "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z")])
        self.silver(*name)
        key = f"{self.prefix}/silver/event_year=2025/event_month=10/event_day=29/data.parquet"
        self.assertEqual(["A"], [row["carChassis"] for row in self.download(key)])
        quarantined = self.keys(f"{self.prefix}/silver_quarantine/")
        self.assertEqual(["a b+c.parquet"], [row["source_file"] for row in self.download(quarantined[0])])
        self.upload_bronze("b.parquet", [record("B", "2025-10-29T00:00:00Z", Extra=5)])
        report = self.silver(*name)
        self.assertEqual((1, 1, 2), tuple(report["counts"][n] for n in ("files_read", "records_existing", "rows_written")))
        self.assertEqual(0, self.silver()["counts"]["files_read"])
        columns = self.table("lake", "silver_car_telemetry")["StorageDescriptor"]["Columns"]
        self.assertEqual(34, len(columns))
        self.assertEqual({"Name": "extra", "Type": "string"}, columns[-1])
        self.assertEqual({("2025", "10", "29"): f"s3://{BUCKET}/{self.prefix}/silver/event_year=2025/event_month=10/event_day=29/"},
                         self.partitions("lake", "silver_car_telemetry"))
        self.assertEqual([], self.keys(f"_staging/{self.prefix}/"))

    def test_glueSource_locationsBelowHiddenFolders_areRead(self):
        self.glue.create_database(DatabaseInput={"Name": "bronze_hidden"})
        storage = {"Columns": [{"Name": "carChassis", "Type": "string"}], "Location": f"s3://{BUCKET}/{self.prefix}/bronze/"}
        self.glue.create_table(DatabaseName="bronze_hidden", TableInput={"Name": "events", "StorageDescriptor": storage,
                                                                         "PartitionKeys": [{"Name": "day", "Type": "string"}]})
        for day, folder in (("1", "_landing/2025"), ("2", "bronze/_late")):
            for name in ("a.parquet", "_temporary/b.parquet"):
                self.upload_bronze("a.parquet", [record(f"{day}{name}", "2025-10-29T00:00:00Z")])
                self.s3.upload_file(self.path("_up", "a.parquet"), BUCKET, f"{self.prefix}/{folder}/{name}")
            self.glue.create_partition(DatabaseName="bronze_hidden", TableName="events", PartitionInput={
                "Values": [day], "StorageDescriptor": {**storage, "Location": f"s3://{BUCKET}/{self.prefix}/{folder}/"}})
        report = self.run_cloud("bronze_to_silver", "--source", "glue://bronze_hidden/events", "--target", self.path("silver"))
        self.assertEqual((2, 2), (report["counts"]["files_read"], report["counts"]["rows_written"]))

    @alone
    def test_race_otherWriterReplacesThePartition_exit75AndTheirs(self):
        from pipeline.jobs.common.publish import s3 as s3_publication
        self.upload_bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z")])
        key = f"{self.prefix}/silver/event_year=2025/event_month=10/event_day=29/data.parquet"
        real = s3_publication.S3Publication.put

        def late(publication, staged, place, current):
            if "quarantine" not in place.path:
                self.s3.put_object(Bucket=BUCKET, Key=key, Body=b"theirs")
            return real(publication, staged, place, current)
        s3_publication.S3Publication.put = late
        try:
            self.silver(code=75)
        finally:
            s3_publication.S3Publication.put = real
        self.assertEqual(b"theirs", self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        self.assertEqual([], self.keys(f"{self.prefix}/state/"))
        self.assertEqual([], self.keys(f"_staging/{self.prefix}/"))

    @alone
    def test_race_otherWriterDeletesThePartition_exit75(self):
        from pipeline.jobs.common.publish import s3 as s3_publication
        key = f"{self.prefix}/silver/event_year=2025/event_month=10/event_day=29/data.parquet"
        self.upload_bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z")])
        self.silver()
        self.upload_bronze("b.parquet", [record("B", "2025-10-29T00:00:00Z")])
        real = s3_publication.S3Publication.put

        def late(publication, staged, place, current):
            self.s3.delete_object(Bucket=BUCKET, Key=key)
            return real(publication, staged, place, current)
        with mock.patch.object(s3_publication.S3Publication, "put", late):
            report = self.silver(code=75)
        self.assertEqual(f"s3://{BUCKET}/{key}", report["error"]["file"])
        self.assertEqual([], self.keys(f"{self.prefix}/silver/"))

    @alone
    def test_race_otherRunRemovesTheStaging_exit75_lostFilesAlone5(self):
        from pipeline.jobs.common.publish import s3 as s3_publication
        self.upload_bronze("a.parquet", [record("A", "2025-10-29T00:00:00Z"), record(None, "2025-10-29T00:00:00Z")])
        real = s3_publication.S3Publication.staged
        for part, mark, code in (("rows", "_run", 75), ("quarantine", "_run", 75), ("rows", "other", 5)):
            def staged(publication, found, part=part, mark=mark):
                if found == part:
                    for name in (mark, part):
                        publication._delete_all(publication._store.list(publication.staging.child(name)))
                return real(publication, found)
            with self.subTest(part=part, mark=mark), mock.patch.object(s3_publication.S3Publication, "staged", staged):
                self.silver(code=code)
        self.assertEqual([], self.keys(f"{self.prefix}/silver"))
        self.assertEqual([], self.keys(f"_staging/{self.prefix}/"))


class PlainTests(CloudTestCase):
    def test_errors_haveTheirExitCodes(self):
        self.run_cloud("silver_to_gold", "--source", "s3://no-such-bucket/x/", "--target", self.path("gold"), code=3)
        self.run_cloud("silver_to_gold", "--source", "https://x/", "--target", self.path("gold"), code=2)
        self.assertIsNotNone(spark())
