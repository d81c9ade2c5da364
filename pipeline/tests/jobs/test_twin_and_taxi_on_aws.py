"""extract_ids and process_taxi on S3's semantics, with the Glue Data Catalog, and as Glue scripts."""
import json
import os

from . import test_glue_entries, test_jobs_on_s3
from .emulator_support import job_options
from .side_by_side import SideBySide
from .spark_support import captured
from .test_jobs_on_s3 import BUCKET
from .test_process_taxi import HEADER, TRIP
from .twin_support import engine, require_engine

ROWS = "documento string, id string"


def document(number):
    return f"000{number:011d}"


class TwinTests(SideBySide, test_jobs_on_s3.CloudTestCase):
    def setUp(self):
        super().setUp()
        self.upload("a/part.parquet", [(f"{number:011d}",) for number in range(5)], "documento string")
        for day in (21, 22):
            self.upload(f"b/dia=202510{day}/part.parquet", [(document(number), f"ID{day}-{number}") for number in range(50)], ROWS)

    def uri(self, name):
        return f"s3://{BUCKET}/{self.prefix}/{name}"

    def twin(self, *options, code=0, **places):
        return self.run_cloud("extract_ids", "--table-a", places.get("a", self.uri("a/")), "--table-b", places.get("b", self.uri("b/")),
                              "--output", self.uri("out/"), *options, code=code)

    def ids(self, report):
        keys = [key for key in self.keys(report["parts"].removeprefix(f"s3://{BUCKET}/")) if key.endswith(".parquet")]
        return sorted(row["id"] for key in keys for row in self.download(key))

    def register(self, partitions, **parameters):
        database = self.prefix.lower()[:60]
        self.glue.create_database(DatabaseInput={"Name": database})
        storage = {"Columns": [{"Name": "documento", "Type": "string"}, {"Name": "id", "Type": "string"}], "Location": self.uri("b/"),
                   "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                   "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}}
        self.glue.create_table(DatabaseName=database, TableInput={"Name": "accounts", "TableType": "EXTERNAL_TABLE",
                                                                  "PartitionKeys": [{"Name": "dia", "Type": "string"}],
                                                                  "StorageDescriptor": storage, "Parameters": parameters})
        for value, location in partitions:
            self.glue.create_partition(DatabaseName=database, TableName="accounts",
                                       PartitionInput={"Values": [value], "StorageDescriptor": {**storage, "Location": location}})
        return f"glue://{database}/accounts"

    def test_twin_OnS3_PublishesWhatTheEngineExtracts(self):
        require_engine()
        report = self.twin("--path-style")
        self.assertEqual(self.ids(report), [f"ID22-{number}" for number in range(5)])
        code, said = engine(*report["publish_command"])
        self.assertEqual(code, 0, said)
        options = [option for option in job_options() if not option.startswith(("--spark-conf", "spark.hadoop"))]
        code, said = engine("extract", "--table-a", self.uri("a/"), "--table-b", self.uri("b/"), "--output", self.uri("engine/"),
                            "--path-style", *options)
        self.assertEqual(code, 0, said)
        first, second = (self.s3.get_object(Bucket=BUCKET, Key=f"{self.prefix}/{root}/active/latest.txt.gz") for root in ("out", "engine"))
        self.assertEqual(first["Body"].read(), second["Body"].read())
        self.assertEqual(*(reply["Metadata"]["source_partition"] for reply in (first, second)))

    def test_twin_AwsOptions_AreForItsOwnRequests(self):
        self.twin("--request-payer", "--expected-bucket-owner", "123456789012", "--assume-role", "arn:aws:iam::123456789012:role/reader")

    def test_twin_PartsThatAreNotEncryptedAsAsked_AreRefused(self):
        report = self.twin("--sse", "aws:kms", code=3)
        self.assertIn("--spark-conf", report["error"]["message"])
        self.assertEqual(self.keys(f"{self.prefix}/out/"), [])

    def test_twin_FailedRun_RemovesItsParts(self):
        self.twin("--min-ids", "6", code=4)
        self.assertEqual(self.keys(f"{self.prefix}/out/"), [])

    def test_twin_CatalogTable_FindsLocationsAnywhere(self):
        local = self.path("elsewhere")
        self.write("elsewhere/part.parquet", [(document(1), "local")], ROWS)
        table = self.register([("20251020", self.uri("b/dia=20251021/")), ("20251023", "file://" + local),
                               ("99991231", self.uri("nothing/")), ("word", self.uri("b/dia=20251022/"))])
        report = self.twin("--allow-future-partition", "--on-empty-partition", "previous", b=table)
        self.assertEqual((report["source_partition"], self.ids(report)), ("20251023", ["local"]))
        self.assertEqual(self.twin("--partition", "dia=20251020", b=table)["counts"]["total_ids"], 5)
        self.assertEqual(self.twin(b=table)["source_partition"], "20251023")

    def test_twin_OutputInACatalogTable_IsRefusedAsByTheEngine(self):
        require_engine()
        table = self.register([("20251022", self.uri("b/dia=20251022/"))])
        options = [option for option in job_options() if not option.startswith(("--spark-conf", "spark.hadoop"))]
        for output, code in (("b/out/", 2), ("b/dia=20251022/", 2), ("out/", 0)):
            with self.subTest(output):
                report = self.run_cloud("extract_ids", "--table-a", self.uri("a/"), "--table-b", table, "--output", self.uri(output), "--dry-run",
                                        code=code)
                self.assertIn("--output" if code else "succeeded", json.dumps(report))
                found, said = engine("extract", "--table-a", self.uri("a/"), "--table-b", table, "--output", self.uri(output), "--dry-run",
                                     *options)
                self.assertEqual(found, code, said)

    def test_twin_ProjectedTable_FindsTheLatestWithData(self):
        table = self.register([], **{"projection.enabled": "true", "projection.dia.type": "date", "projection.dia.format": "yyyyMMdd",
                                     "projection.dia.range": "20250101,NOW"})
        report = self.twin(b=table)
        self.assertEqual((report["source_partition"], report["counts"]["total_ids"]), ("20251022", 5))

    def test_twin_TableOfAnIcebergCatalog_IsRefused(self):
        self.twin(b=self.register([], table_type="ICEBERG"), code=3)
        self.twin(b="glue://nowhere/nothing", code=3)

    def test_twin_TableFormatsInS3_AreRefused(self):
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}/b/_delta_log/0.json", Body=b"{}")
        self.assertIn("Delta", self.twin(code=3)["error"]["message"])

    def test_twin_ObjectsNextToPartitions_AreReportedAndNotRead(self):
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}/b/notes.txt", Body=b"x")
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}/b/dia=20251022_$folder$", Body=b"")
        self.assertEqual(self.twin()["counts"]["total_ids"], 5)


class TaxiTests(SideBySide, test_jobs_on_s3.CloudTestCase):
    def trips(self, name, *lines):
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}/raw/{name}", Body="\n".join([HEADER, *lines]).encode())

    def taxi(self, *options, code=0):
        return self.run_cloud("process_taxi", "--source", f"s3://{BUCKET}/{self.prefix}/raw/", "--target",
                              f"s3://{BUCKET}/{self.prefix}/taxi/", *options, code=code)

    def test_taxi_OnS3_PublishesAndRegisters(self):
        self.trips("a.csv", TRIP, TRIP.replace("2024-01", "2024-02"))
        database = self.prefix.lower()[:60]
        report = self.taxi("--register", f"{database}.trips")
        self.assertEqual(report["catalog"]["partitions_added"], ["year=2024/month=01", "year=2024/month=02"])
        self.assertEqual(len(self.table(database, "trips")["StorageDescriptor"]["Columns"]), 19)
        self.assertEqual(sorted(self.partitions(database, "trips")), [("2024", "01"), ("2024", "02")])
        first = self.keys(f"{self.prefix}/taxi/")
        self.trips("a.csv", TRIP)
        report = self.taxi("--register", f"{database}.trips")
        self.assertEqual(self.keys(f"{self.prefix}/taxi/"), first[:1])
        self.assertEqual(self.keys(f"_staging/{self.prefix}/"), [])

    def test_taxi_SameSourceByKeyAndByPrefix_OwnsTheSameFiles(self):
        self.trips("a.csv", TRIP)
        self.taxi()
        before = self.keys(f"{self.prefix}/taxi/")
        self.run_cloud("process_taxi", "--source", f"s3://{BUCKET}/{self.prefix}/raw/a.csv", "--target",
                       f"s3://{BUCKET}/{self.prefix}/taxi/")
        self.assertEqual(self.keys(f"{self.prefix}/taxi/"), before)

    def test_taxi_ObjectThatIsNotThere_IsAConfigurationError(self):
        missing = f"s3://{BUCKET}/{self.prefix}/raw/nothing.csv"
        report = self.run_cloud("process_taxi", "--source", missing, "--target", f"s3://{BUCKET}/{self.prefix}/taxi/", code=3)
        self.assertEqual(report["error"]["file"], missing)


class EntryTests(test_glue_entries.EntryTestCase):
    def test_extractEntry_Success_CommitsAndReturns(self):
        self.write("a/part.parquet", [("1",)], "documento string")
        self.write("b/part.parquet", [(document(1), "ID1")], ROWS)
        report, raised = self.enter("extract_ids", "--JOB_NAME", "twin", "--table_a", self.path("a"), "--table_b", self.path("b"),
                                    "--output", self.path("out"),
                                    "--allow_older", "true", "--skip_if_current", "false", "--job-bookmark-option", "job-bookmark-disable")
        self.assertIsNone(raised, raised)
        self.assertIn("--allow-older", report["publish_command"])
        self.assertNotIn("--skip-if-current", report["publish_command"])
        self.assertEqual(self.events()[-1], ["commit"])

    def test_extractEntry_Failure_RaisesTheMessage(self):
        report, raised = self.enter("extract_ids", "--JOB_NAME", "twin", "--table_a", self.path("a"), "--table_b", self.path("b"),
                                    "--output", self.path("out"))
        self.assertEqual((report["exit_code"], str(raised)), (3, report["error"]["message"]))
        self.assertNotIn(["commit"], self.events())

    def test_taxiEntry_Options_AreTakenToo(self):
        os.makedirs(self.path("raw"))
        with open(self.path("raw", "a.csv"), "w", encoding="utf-8") as stream:
            stream.write(HEADER + "\n" + TRIP + "\n")
        report, raised = self.enter("process_taxi", "--JOB_NAME", "taxi", "--source", self.path("raw"), "--target", self.path("taxi"))
        self.assertIsNone(raised, raised)
        self.assertEqual((report["counts"]["rows_written"], self.events()[-1]), (1, ["commit"]))

    def test_taxiEntry_MissingArgument_RaisesTheMessage(self):
        from pipeline.jobs.process_taxi import glue_entry
        with captured() as (out, _), self.assertRaisesRegex(glue_entry.glue.JobFailed, "--target_prefix is missing"):
            glue_entry.glue.run(glue_entry.JOB, ["entry.py", "--JOB_NAME", "taxi", "--bucket_name", "b", "--source_prefix", "raw/taxi/"],
                                translate=glue_entry.StateMachine())
        self.assertEqual(json.loads(out.getvalue())["exit_code"], 2)
        self.assertEqual(self.events(), [])
