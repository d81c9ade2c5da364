"""How runs begin and end, without Spark: signals between runs, arguments and failures on Glue."""
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from pipeline.jobs.bronze_to_silver import job as bronze_to_silver
from pipeline.jobs.common.errors import UsageError
from pipeline.jobs.common.run import failures, glue, options, runner
from pipeline.jobs.common.run.options import parser_for
from pipeline.jobs.extract_ids import job as extract_ids
from pipeline.jobs.process_taxi import job as process_taxi
from pipeline.jobs.silver_to_gold.job import JOB
from .spark_support import ROOT, captured


class JavaFailureTests(unittest.TestCase):
    def test_typed_BadValues_AreBadInput(self):
        for message in ("[DUPLICATED_MAP_KEY] Duplicate map key 444 was found", "a decimal has more digits than its type"):
            java = mock.Mock()
            java.getClass().getName.return_value, java.getMessage.return_value, java.getCause.return_value = "x.SparkRuntimeException", message, None
            error = Exception()
            error.java_exception = java
            found = failures.typed(error)
            self.assertEqual(7, found.exit_code)
            self.assertNotIn("444", found.message)


class SignalTests(unittest.TestCase):
    def start(self, *lines):
        process = subprocess.Popen([sys.executable, "-m", "pipeline.jobs.silver_to_gold", "--batch", "-"], cwd=ROOT, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is not None or process.kill())
        for line in lines:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            json.loads(process.stdout.readline())
        return process

    def test_batch_sigtermBetweenRuns_143(self):
        for lines, expected in ((("not JSON",), 2), ((json.dumps(["--source", "/nowhere", "--target", "/nowhere/else/x"]),), 2)):
            with self.subTest(lines=lines):
                process = self.start(*lines)
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=120)
                self.assertEqual((expected, ""), (process.returncode, out))  # the first that is not 0
                self.assertNotIn("Traceback", err)

    def test_batch_sigtermBeforeAnyFailure_143(self):
        process = self.start()
        # The process says nothing when it is ready. Until it is, SIGTERM ends it as any other.
        ready = False
        while process.poll() is None and not ready:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as stream:
                caught = next(line for line in stream if line.startswith("SigCgt:"))
            ready = bool(int(caught.split()[1], 16) >> signal.SIGTERM - 1 & 1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
        self.assertEqual((143, ""), (process.returncode, out))
        self.assertNotIn("Traceback", err)


class BatchTests(unittest.TestCase):
    LINES = (b'["--report", "\\ud800"]', b'["--source", "\xff", "--target", "t"]', b'["--source", "\\ud800", "--target", "t"]',
             b"\xff\xfe[]", b'["--source", "s3://b/\\udfff", "--target", "t", "--report", "\\ud800"]', b'["--source"]')

    def test_badLines_areFailedRunsAndDoNotEndTheBatch(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "batch")
            with open(path, "wb") as stream:
                stream.write(b"\n".join(self.LINES))
            for name, given in (("-", b"\n".join(self.LINES)), (path, b"")):
                # A C locale would make stdin lenient.
                done = subprocess.run([sys.executable, "-m", "pipeline.jobs.silver_to_gold", "--batch", name], cwd=ROOT, input=given,
                                      env=dict(os.environ, PYTHONIOENCODING="utf-8:strict"), capture_output=True, check=False)
                self.assertEqual([2] * len(self.LINES), [json.loads(line)["exit_code"] for line in done.stdout.splitlines()], done.stderr)
                self.assertEqual(2, done.returncode)
                self.assertNotIn(b"Traceback", done.stderr)


    def test_batchAmongOtherOptions_isTheErrorThatIsReported(self):
        with tempfile.TemporaryDirectory() as folder:
            report = ["--report", f"{folder}/r"]
            for given in (["--batch", "F", *report], [*report, "--batch=F"], ["--batch", "F", "--batch", "G"]):
                with self.subTest(given=given), captured() as (out, _):
                    self.assertEqual(2, runner.main(JOB, given))
                    self.assertIn("--batch must be the only option", json.loads(out.getvalue())["error"]["message"])
            self.assertEqual(["r"], os.listdir(folder))


class OptionTests(unittest.TestCase):
    REQUIRED = ("--source", "/no/source", "--target", "/no/target")

    def test_oneFileOfTwoOptions_exit2AndItIsNotWritten(self):
        pairs = ((JOB, "explain", "report"), (bronze_to_silver.JOB, "bookmark", "report"), (process_taxi.JOB, "bookmark", "explain"),
                 (extract_ids.JOB, "explain", "report"))
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/state", "wb") as stream:
                stream.write(b"kept")
            os.symlink(folder, f"{folder}/link")
            for job, first, second in pairs:
                required = ("--table-a", "/no/a", "--table-b", "/no/b", "--output", "/no/ids") if job is extract_ids.JOB else self.REQUIRED
                files = (f"--{first}", f"{folder}/state", f"--{second}", f"{folder}/link/state")
                with self.subTest(job=job.name), captured() as (out, _):
                    self.assertEqual(2, runner.main(job, [*required, *files]))
                    self.assertIn(f"--{first} and --{second} both name", json.loads(out.getvalue())["error"]["message"])
            with open(f"{folder}/state", "rb") as stream:
                self.assertEqual(b"kept", stream.read())
        for first, second in (("-", "-"), ("s3://b/x", "s3://c/x")):
            options.refuse_one_file(parser_for(JOB).parse_args([*self.REQUIRED, "--report", first, "--explain", second]))

    def test_catalogLocation_isOneThatReadersUnderstand(self):
        for job in (JOB, bronze_to_silver.JOB, process_taxi.JOB):
            for text in ("s3://b/x/", "s3a://b/x", "s3n://b", "file:///x", "/x y/z"):
                self.assertEqual(text, parser_for(job).parse_args([*self.REQUIRED, "--catalog-location", text]).catalog_location)
            for text in ("nonsense://x", "s3://", "glue://d/t", "hdfs://h/x", "x/y", "nonsense", "file://host/x", "file:x", "", " ",
                         "s3://b/\n"):
                with self.subTest(job=job.name, text=text), self.assertRaisesRegex(UsageError, "--catalog-location: expected s3://"):
                    parser_for(job).parse_args([*self.REQUIRED, "--catalog-location", text])


class PlaceTests(unittest.TestCase):
    def test_files_thatWouldBeData_areRefused_hiddenOnesAreNot(self):
        names = (("x.json", True), ("a_/x.json", True), ("_x.json", False), ("a/.b/x.json", False), ("_staging/x.json", True))
        for job, options in ((JOB, ("report", "explain")), (bronze_to_silver.JOB, ("bookmark", "report")),
                             (process_taxi.JOB, ("bookmark", "explain"))):
            for option in options:
                for root in ("/no/source", "/no/_target", "s3://b", "s3://b/_t"):
                    source, target = ("/no/source", "/no/_target") if root.startswith("/") else ("/no/source", root)
                    for name, refused in names:
                        given = ["--source", source, "--target", target, "--quarantine", f"{target}-q" if target != "s3://b" else "s3://q/",
                                 f"--{option}", f"{root}/{name}"]
                        if job is JOB:
                            del given[4:6]
                        with self.subTest(job=job.name, given=given):
                            with self.assertRaisesRegex(UsageError, f"--{option} must not be") if refused else contextlib.nullcontext():
                                job.check(parser_for(job).parse_args(given))


class GlueTests(unittest.TestCase):
    # What Glue and its console pass to a script.
    OWN = ("--TempDir", "s3://b/t/",
           "--job-language", "python", "--job-bookmark-option", "job-bookmark-disable", "--job-bookmark-from", "x",
           "--enable-metrics", "true", "--enable-spark-ui", "true", "--spark-event-logs-path", "s3://b/l/",
           "--enable-job-insights", "true",
           "--enable-glue-datacatalog", "--enable-continuous-cloudwatch-log", "true", "--continuous-log-logGroup", "g",
           "--custom-logGroup-prefix", "p", "--enable-observability-metrics", "true", "--enable-auto-scaling", "true",
           "--auto-scale-within-microbatch", "true", "--execution-class", "FLEX", "--library-set", "analytics",
           "--use-postgres-driver", "true",
           "--extra-py-files", "s3://b/p.zip", "--extra-jars", "s3://b/j.jar", "--additional-python-modules", "x==1",
           "--python-modules-installer-option", "--upgrade", "--conf", "spark.a=b --conf spark.c=d", "--scriptLocation", "s3://b/s.py",
           "--datalake-formats", "delta", "--user-jars-first", "true", "--customer-driver-env-vars", "A=b", "--disable-proxy-v2", "true",
           "--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_1", "--WORKFLOW_NAME", "w", "--WORKFLOW_RUN_ID", "wr_1", "--SECURITY_CONFIGURATION", "s",
           "--encryption-type", "sse-s3", "--RedshiftTempDir", "")

    def run_glue(self, *arguments):
        """(report, exception)"""
        raised = None
        with captured() as (out, _):
            try:
                glue.run(JOB, ["script.py", *arguments])
            except BaseException as error:  # SystemExit would be a failure too
                raised = error
        lines = out.getvalue().splitlines()
        self.assertEqual(1, len(lines))
        return json.loads(lines[0]), raised

    def test_arguments_ofGlue_areSkipped(self):
        options, arguments, error = glue._arguments(JOB, ["--JOB_NAME", "g", *self.OWN, "--source", "a", "--target=b"], None)
        self.assertIsNone(error)
        self.assertEqual((["--source=a", "--target=b"], "g"), (options, arguments["JOB_NAME"]))

    def test_arguments_unknownOne_isNamed(self):
        report, raised = self.run_glue("--JOB_NAME", "g", "--sauce", "a")
        self.assertEqual((2, report["error"]["message"]), (report["exit_code"], str(raised)))
        self.assertIn("--sauce", str(raised))

    def test_run_withoutAwsglue_isReported(self):
        # Other tests leave a stub of awsglue. Without a module of the name, importing it fails.
        with mock.patch.dict(sys.modules, dict.fromkeys(("awsglue", "awsglue.context", "awsglue.job"))):
            report, raised = self.run_glue("--JOB_NAME", "g", "--source", "a", "--target", "b")
        self.assertEqual((3, report["error"]["message"]), (report["exit_code"], str(raised)))
        self.assertIs(Exception, type(raised).__mro__[1])
        self.assertTrue(raised.__suppress_context__)


if __name__ == "__main__":
    unittest.main()
