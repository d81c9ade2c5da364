"""extract() on the real program: results, errors, logs, interruption, and that no CPF and no id leaves it.

IDEXTRACTOR_PROGRAM names the program unless the package is installed with it.
"""
import gzip
import hashlib
import inspect
import io
import logging
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import idextractor
from idextractor import extract

SAMPLES = Path(os.environ.get("IDEXTRACTOR_SAMPLES") or Path(__file__).resolve().parents[3] / "samples")


class ExtractTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "out"

    def extract(self, **options):
        return extract(SAMPLES / "a", SAMPLES / "b", self.output, **options)

    def test_samples_give_the_expected_ids(self):
        result = self.extract()
        text = gzip.decompress(Path(result.active).read_bytes())
        self.assertEqual(gzip.decompress((SAMPLES / "expected.txt.gz").read_bytes()), text)
        self.assertEqual(("published", "20251022", 216), (result.outcome, result.source_partition, result.total_ids))
        self.assertEqual(hashlib.md5(text).hexdigest(), result.md5_checksum)
        self.assertEqual(hashlib.sha256(Path(result.stage).read_bytes()).hexdigest(), result.gz_sha256)
        self.assertEqual((3102, 217, 325), (result.counters.rows_scanned, result.counters.rows_matched, result.counters.keys_valid))
        self.assertIn("MD5", result.checks)

    def test_a_second_run_of_the_same_input_is_current(self):
        first = self.extract()
        second = self.extract(skip_if_current=True)
        self.assertEqual("current", second.outcome)
        self.assertEqual((first.total_ids, first.md5_checksum), (second.total_ids, second.md5_checksum))

    def test_a_dry_run_that_the_environment_asks_for_is_an_error(self):
        with self.assertRaisesRegex(idextractor.UsageError, "IDEXTRACTOR_DRY_RUN"):
            self.extract(environment={**os.environ, "IDEXTRACTOR_DRY_RUN": "true"})
        self.assertFalse((self.output / "active").exists())

    def test_a_report_on_standard_output_is_an_error(self):
        for options in ({"report": "-"}, {"report": Path("-")}, {"environment": {**os.environ, "IDEXTRACTOR_REPORT": "-"}}):
            with self.subTest(options.get("report")), self.assertRaisesRegex(idextractor.UsageError, "report"):
                self.extract(**options)
        self.assertFalse(self.output.exists())

    def test_a_report_that_a_config_file_sends_to_standard_output_is_no_json_error(self):
        config = self.folder / "job.json"
        config.write_text('{"report": "-"}', encoding="utf-8")
        with self.assertRaisesRegex(idextractor.IdExtractorError, "gave no result"):
            self.extract(config=config)

    def test_the_result_has_the_count_of_the_previous_file_and_what_was_rejected(self):
        self.assertIsNone(self.extract().previous_total_ids)
        result = self.extract()
        self.assertEqual(216, result.previous_total_ids)
        self.assertEqual((325, 0), (result.counters.key_rows, result.counters.keys_rejected))

    def test_every_option_of_the_command_is_a_parameter(self):
        text = subprocess.run([str(idextractor.program()), "extract", "--help"], check=True, capture_output=True, encoding="utf-8").stdout
        options = {name.replace("-", "_") for name in re.findall(r"^ +(?:-\w, )?--([a-z0-9-]+)", text, re.M)}
        self.assertIn("max_drop_percent", options)
        # The package sets these itself, or they are for terminals.
        own = {"json", "log", "log_level", "metrics", "quiet", "color", "dry_run", "help", "version", "verbose"}
        self.assertEqual(sorted(options - own), sorted(set(inspect.signature(extract).parameters) - {"environment"}))

    def test_each_exit_code_has_its_exception(self):
        self.extract()
        broken = self.folder / "b" / "ano_mes_dia=20251022"
        broken.mkdir(parents=True)
        (broken / "part-0.parquet").write_bytes(b"PAR1" + b"x" * 100 + b"PAR1")
        cases = {
            idextractor.UsageError: ({"match": "no such way"}, 2),
            idextractor.GuardError: ({"min_ids": 100_000}, 4),
            idextractor.PartitionError: ({"max_partition_age": "1d"}, 6),
            idextractor.ConfigurationError: ({"config": self.folder / "absent.json"}, None),
        }
        for kind, (options, code) in cases.items():
            with self.subTest(kind.__name__), self.assertRaises(kind) as caught:
                self.extract(**options)
            self.assertIn(caught.exception.exit_code, {code} if code else {2, 3})
            self.assertFalse(caught.exception.retry)
            self.assertTrue(caught.exception.run_id)
        with self.assertRaises(idextractor.InputError) as caught:
            extract(SAMPLES / "a", self.folder / "b", self.output)
        self.assertIn("part-0.parquet", str(caught.exception))

    def test_a_refused_run_leaves_the_active_file(self):
        before = Path(self.extract().active).read_bytes()
        with self.assertRaises(idextractor.GuardError):
            self.extract(min_ids=100_000)
        self.assertEqual(before, (self.output / "active/latest.txt.gz").read_bytes())

    def test_a_temporary_failure_is_worth_a_retry_and_holds_no_credentials(self):
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "secret-of-the-test"}
        run = script("import sys; sys.stderr.write('{\"level\":\"error\",\"event\":\"failed\",\"run_id\":\"r\",\"message\":\"no answer\"}\\n'); sys.exit(75)", self.folder)
        with Program(run), self.assertRaises(idextractor.TemporaryError) as caught:
            self.extract(environment=environment)
        self.assertTrue(caught.exception.retry)
        self.assertNotIn("secret-of-the-test", repr(caught.exception) + repr(caught.exception.__dict__))

    def test_errors_survive_pickling(self):
        error = idextractor.GuardError("no", 4, "run")
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(error), "no", 4, "run"), (type(again), str(again), again.exit_code, again.run_id))

    def test_a_killed_program_is_an_error_that_names_the_signal(self):
        with Program(script("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", self.folder)), self.assertRaises(idextractor.IdExtractorError) as caught:
            self.extract()
        self.assertEqual(137, caught.exception.exit_code)
        self.assertIn("signal 9", str(caught.exception))

    def test_a_program_that_gives_no_result_is_an_error(self):
        with Program(script("", self.folder)), self.assertRaises(idextractor.IdExtractorError) as caught:
            self.extract()
        self.assertEqual(0, caught.exception.exit_code)
        self.assertIn("no result", str(caught.exception))

    def test_text_that_is_no_log_line_is_not_repeated(self):
        with Program(script("import sys; print('529.982.247-25', file=sys.stderr); sys.exit(1)", self.folder)), self.assertLogs("idextractor") as logs:
            logging.getLogger("idextractor").warning("so that there is a line")
            with self.assertRaises(idextractor.DefectError) as caught:
                self.extract()
        self.assertNotIn("529", repr(caught.exception) + "".join(logs.output))

    def test_the_log_goes_to_the_logger_at_its_level(self):
        with self.assertLogs("idextractor", logging.INFO) as logs:
            self.extract()
        self.assertTrue(any("phase=scan" in line for line in logs.output), logs.output)

    def test_an_interrupt_ends_the_program_first(self):
        mark = self.folder / "ended"
        run = script(
            f"import pathlib, signal, sys, time\n"
            f"def end(*_):\n    pathlib.Path({str(mark)!r}).write_text('ended')\n    sys.exit(143)\n"
            f"signal.signal(signal.SIGTERM, end)\npathlib.Path({str(mark) + '.ready'!r}).write_text('')\ntime.sleep(60)", self.folder)

        def interrupt():
            while not Path(str(mark) + ".ready").exists():
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGINT)

        # A shell starts what runs in the background with SIGINT ignored.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        threading.Thread(target=interrupt, daemon=True).start()
        with Program(run), self.assertRaises(KeyboardInterrupt):
            self.extract()
        self.assertEqual("ended", mark.read_text())

    def test_no_cpf_and_no_id_in_anything_but_the_files(self):
        people = self.folder / "people.csv"
        people.write_text("documento\n52998224725\n111.444.777-35\nJose Silva 39053344705\n")
        handler = logging.StreamHandler(stream := io.StringIO())
        logger = logging.getLogger("idextractor")
        logger.addHandler(handler)
        self.addCleanup(logger.removeHandler, handler)
        level = logger.level
        self.addCleanup(logger.setLevel, level)
        logger.setLevel(logging.DEBUG)
        told = [repr(self.extract())]
        for options in ({"min_ids": 100_000}, {"on_bad_cpf": "fail"}, {"max_rejected_percent": 0}):
            try:
                told.append(repr(extract(people, SAMPLES / "b", self.output, allow_empty=True, allow_older=True, **options)))
            except idextractor.IdExtractorError as error:
                told += [repr(error), str(error), repr(error.__dict__), repr(error.__cause__), repr(error.__context__)]
        told.append(stream.getvalue())
        text = "\n".join(told)
        self.assertIn("--min-ids", text)
        # Short ids are also found in times and counts.
        ids = [name for name in gzip.decompress((SAMPLES / "expected.txt.gz").read_bytes()).decode().split() if len(name) > 7]
        self.assertGreater(len(ids), 50)
        for secret in ["52998224725", "11144477735", "111.444.777-35", "39053344705", *ids]:
            self.assertNotIn(secret, text)


class CommandTests(unittest.TestCase):
    def test_the_command_ends_with_the_code_of_the_program(self):
        self.assertEqual(2, subprocess.run([sys.executable, "-m", "idextractor", "extract", "--bogus"], capture_output=True).returncode)

    def test_the_command_prints_what_the_program_prints(self):
        version = subprocess.run([sys.executable, "-m", "idextractor", "-V"], check=True, capture_output=True, encoding="utf-8").stdout
        self.assertRegex(version, r"^idextractor \d+\.\d+\.\d+")


class Program:
    """Puts another program in the place of the real one."""

    def __init__(self, path):
        self._path = path

    def __enter__(self):
        self._before = os.environ.get("IDEXTRACTOR_PROGRAM")
        os.environ["IDEXTRACTOR_PROGRAM"] = str(self._path)

    def __exit__(self, *_):
        if self._before is None:
            del os.environ["IDEXTRACTOR_PROGRAM"]
        else:
            os.environ["IDEXTRACTOR_PROGRAM"] = self._before


def script(text, folder):
    """A program in Python."""
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o755)
    return path


if __name__ == "__main__":
    unittest.main()
