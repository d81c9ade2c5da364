"""The Glue scripts with a stub of awsglue that logs what Glue would see; spark-submit's script; the package from a zip in another folder."""
import importlib
import json
import os
import subprocess
import sys
import unittest

from pipeline.jobs.common.run import glue

from .spark_support import ROOT, SparkTestCase, captured, spark

STUB = '''
import json, os
def log(*event):
    with open(os.environ["GLUE_LOG"], "a") as stream:
        stream.write(json.dumps(event) + "\\n")
'''
CONTEXT = STUB + '''
class Frame:
    def __init__(self, frame): self.frame = frame
    def resolveChoice(self, choice): log("resolveChoice", choice); return self
    def toDF(self): return self.frame
class Reader:
    def __init__(self, context): self.context = context
    def from_catalog(self, **names):
        log("from_catalog", names)
        return Frame(self.context.spark_session.read.parquet(os.environ["GLUE_TABLE"]))
class GlueContext:
    def __init__(self, context):
        from pyspark.sql import SparkSession
        log("context"); self.spark_session = SparkSession(context); self.create_dynamic_frame = Reader(self)
'''
JOB = STUB + '''
class Job:
    def __init__(self, context): pass
    def init(self, name, arguments): log("init", name)
    def commit(self): log("commit")
'''
SCHEMA = "idade int, ativo boolean, salario double"


class EntryTestCase(SparkTestCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.path("stub/awsglue"))
        for name, text in (("__init__", ""), ("context", CONTEXT), ("job", JOB)):
            with open(self.path(f"stub/awsglue/{name}.py"), "w", encoding="utf-8") as stream:
                stream.write(text)
        os.environ["GLUE_LOG"] = self.path("glue.log")
        self.addCleanup(os.environ.pop, "GLUE_LOG")
        sys.path.insert(0, self.path("stub"))
        self.addCleanup(sys.path.remove, self.path("stub"))
        self.addCleanup(lambda: [sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "awsglue"])

    def events(self):
        if not os.path.exists(self.path("glue.log")):
            return []
        with open(self.path("glue.log"), encoding="utf-8") as stream:
            return [json.loads(line) for line in stream]

    def enter(self, job, *arguments):
        """Runs the entry as Glue does: (report, exception or None)."""
        spark()
        entry = importlib.import_module(f"pipeline.jobs.{job}.glue_entry")
        raised = None
        with captured() as (out, _):
            try:
                entry.glue.run(entry.JOB, [f"{job}.py", *arguments])
            except BaseException as error:  # SystemExit would be a failure too
                raised = error
        lines = out.getvalue().splitlines()
        return json.loads(lines[-1]) if lines else None, raised

    def salaries(self):
        self.write("silver/ano=2025/mes=1/a.parquet", [(1, True, 1.0)], SCHEMA)
        return "--source", self.path("silver"), "--target", self.path("gold")


class GoldEntryTests(EntryTestCase):
    def test_success_commitsAfterPublishingAndReturns(self):
        report, raised = self.enter("silver_to_gold", "--JOB_NAME", "gold", *self.salaries(), "--job-bookmark-option", "job-bookmark-disable",
                                    "--TempDir", "s3://x/", "--enable-metrics", "--allow_empty", "true", "--extra-py-files", "s3://x/p.zip")
        self.assertIsNone(raised)
        self.assertEqual(0, report["exit_code"])
        self.assertEqual([["context"], ["init", "gold"], ["commit"]], self.events())
        self.assertTrue(os.path.exists(self.path("gold/ano=2025/mes=1/data.parquet")))

    def test_failure_raisesTheReportsMessageAndDoesNotCommit(self):
        self.salaries()
        for arguments, code in ((["--source", self.path("missing"), "--target", self.path("gold")], 3), (["--target", self.path("gold")], 2),
                                (["--source", self.path("silver"), "--target", self.path("gold"), "--alow_empty", "true"], 2)):
            with self.subTest(arguments=arguments):
                report, raised = self.enter("silver_to_gold", "--JOB_NAME", "gold", *arguments)
                self.assertEqual(code, report["exit_code"])
                self.assertIs(Exception, type(raised).__mro__[1])
                self.assertEqual(report["error"]["message"], str(raised))
                self.assertNotIn(["commit"], self.events())

    def test_glueFails_raisesTheReportsMessage(self):
        source = self.salaries()
        for name, code in (("init", 1), ("commit", 75)):
            with open(self.path("stub/awsglue/job.py"), "w", encoding="utf-8") as stream:
                stream.write(JOB + f"    def {name}(self, *_): raise RuntimeError('secret')\n")
            sys.modules.pop("awsglue.job", None)
            with self.subTest(name):
                report, raised = self.enter("silver_to_gold", "--JOB_NAME", "gold", *source)
                self.assertEqual((code, "failed"), (report["exit_code"], report["status"]))
                self.assertEqual(report["error"]["message"], str(raised))
                self.assertIn("RuntimeError", str(raised))
                self.assertNotIn("secret", str(raised))

    def test_missingJobName_raises(self):
        report, raised = self.enter("silver_to_gold", *self.salaries())
        self.assertEqual(2, report["exit_code"])
        self.assertIn("JOB_NAME", str(raised))
        self.assertEqual([], self.events())


class SilverEntryTests(EntryTestCase):
    def test_bookmark_readsTheCatalogThroughGlue(self):
        from .test_bronze_to_silver import SilverTestCase, record
        SilverTestCase.bronze(self, "a.parquet", [{**record("A", "Wed, 29 Oct 2025 11:00:00"), "ingest_year": 2025},
                                                  {**record(None, "Wed, 29 Oct 2025 11:00:00"), "source_file": "in/a.json"}])
        os.environ["GLUE_TABLE"] = self.path("bronze")
        self.addCleanup(os.environ.pop, "GLUE_TABLE")
        report, raised = self.enter("bronze_to_silver", "--JOB_NAME", "silver", "--source", "glue://bronze/telemetry", "--target", self.path("silver"),
                                    "--job-bookmark-option", "job-bookmark-enable")
        self.assertIsNone(raised, raised)
        self.assertEqual((2, 1, 1), tuple(report["counts"][name] for name in ("records_read", "rows_written", "records_quarantined")))
        self.assertEqual([["context"], ["init", "silver"],
                          ["from_catalog", {"database": "bronze", "table_name": "telemetry", "transformation_ctx": "bronze_source"}],
                          ["resolveChoice", "cast:string"], ["commit"]], self.events())


class ArgumentTests(unittest.TestCase):
    def options(self, name, *arguments):
        job = importlib.import_module(f"pipeline.jobs.{name}.job").JOB
        found, _, error = glue._arguments(job, ["--JOB_NAME", "x", *arguments], None)
        self.assertIsNone(error)
        return found

    def test_flags_haveNoValueOrOneInAnyForm(self):
        for job in ("extract_ids", "silver_to_gold"):
            with self.subTest(job=job):
                for value in ([], ["True"], ["yes"], ["1"]):
                    self.assertEqual(["--allow-empty", "--report=r"], self.options(job, "--allow_empty", *value, "--report", "r"))
                self.assertEqual(["--allow-empty=maybe"], self.options(job, "--allow_empty", "maybe"))
        self.assertEqual([], self.options("silver_to_gold", "--allow_empty", "no"))

    def test_flags_ofTheTwin_falseWinsOverTheEnvironment(self):
        self.assertEqual(["--allow-empty=false"], self.options("extract_ids", "--allow_empty", "No"))


class SubmitTests(unittest.TestCase):
    def test_submit_unknownJob_usage(self):
        done = subprocess.run([sys.executable, os.path.join(ROOT, "pipeline", "jobs", "submit.py"), "nothing"], stderr=subprocess.PIPE, text=True,
                              cwd="/", check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("bronze_to_silver", done.stderr)

    def test_submit_job_runsIt(self):
        done = subprocess.run([sys.executable, os.path.join(ROOT, "pipeline", "jobs", "submit.py"), "silver_to_gold", "--source", "x"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", check=False)
        self.assertEqual((2, 2), (done.returncode, json.loads(done.stdout)["exit_code"]))

    def test_imports_awsglueOnlyInTheGlueModule(self):
        for folder, _, names in os.walk(os.path.join(ROOT, "pipeline", "jobs")):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(".py") and not path.endswith(os.path.join("run", "glue.py")):
                    with open(path, encoding="utf-8") as stream:
                        self.assertNotIn("import awsglue", stream.read().replace("from awsglue", "import awsglue"), path)
