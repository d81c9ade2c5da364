"""The packages of the Lambda functions and the Spark jobs: what is in them, and that the same sources give the same bytes."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "pipeline"


class Packages(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.pipeline = self.folder / "pipeline"
        for part in ("tools", "lambdas"):
            shutil.copytree(PIPELINE / part, self.pipeline / part, ignore=shutil.ignore_patterns("__pycache__"))

    def build(self, *options, **environment):
        command = [sys.executable, "-I", "-S", str(self.pipeline / "tools" / "package.py"), *options]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60)

    def built(self, *options, **environment):
        done = self.build(*options, **environment)
        self.assertEqual(0, done.returncode, done.stderr)
        return {path.name: path.read_bytes() for path in (self.pipeline / "build").iterdir()}

    def add_jobs(self):
        for name in ("__init__.py", "jobs/__init__.py", "jobs/one/__init__.py", "jobs/one/transform.py", "jobs/tests/test_one.py"):
            path = self.pipeline / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {name}\n", encoding="utf-8")
        (self.pipeline / "jobs" / "one" / "notes.txt").write_text("not code", encoding="utf-8")

    def test_functions_are_packed_with_their_handlers(self):
        packages = self.built()
        self.assertEqual({"etl_orchestrator.zip", "validate_input.zip"}, set(packages))
        for name in packages:
            with zipfile.ZipFile(self.pipeline / "build" / name) as package:
                self.assertEqual(["lambda_function.py"], package.namelist())
                source = self.pipeline / "lambdas" / name.removesuffix(".zip") / "lambda_function.py"
                self.assertEqual(source.read_bytes(), package.read("lambda_function.py"))

    def test_jobs_are_an_importable_package(self):
        self.add_jobs()
        self.built()
        package = self.pipeline / "build" / "pipeline_jobs.zip"
        with zipfile.ZipFile(package) as files:
            self.assertEqual(["pipeline/__init__.py", "pipeline/jobs/__init__.py", "pipeline/jobs/one/__init__.py", "pipeline/jobs/one/transform.py"], files.namelist())
        done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(package)!r}); import pipeline.jobs.one.transform"], timeout=60)
        self.assertEqual(0, done.returncode)

    def test_same_sources_give_the_same_bytes(self):
        self.add_jobs()
        first = self.built(TZ="UTC")
        shutil.rmtree(self.pipeline / "build")
        for path in self.pipeline.rglob("*.py"):
            path.chmod(0o600)
            os.utime(path, (time.time() - 10**6,) * 2)
        cache = self.pipeline / "jobs" / "__pycache__"
        cache.mkdir()
        (cache / "x.pyc").write_bytes(b"x")
        self.assertEqual(first, self.built(TZ="America/Sao_Paulo", PYTHONHASHSEED="7"))

    def test_bytes_depend_on_nothing_but_names_and_contents(self):
        entries = zipfile.ZipFile(self.pipeline / "build" / "validate_input.zip").infolist() if self.built() else []
        for entry in entries:
            self.assertEqual(((1980, 1, 1, 0, 0, 0), 0o100644, 3, zipfile.ZIP_STORED),
                             (entry.date_time, entry.external_attr >> 16, entry.create_system, entry.compress_type))

    def test_another_folder_and_the_report(self):
        done = self.build("--output", str(self.folder / "other"))
        data = (self.folder / "other" / "validate_input.zip").read_bytes()
        self.assertIn(f"{len(data)} bytes  sha256 {hashlib.sha256(data).hexdigest()}", done.stdout)

    def test_missing_source_is_an_error(self):
        (self.pipeline / "lambdas" / "validate_input" / "lambda_function.py").unlink()
        done = self.build()
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"^error: .*validate_input")
        self.assertNotIn("Traceback", done.stderr)

    def test_folder_that_is_a_file_is_an_error(self):
        (self.pipeline / "build").write_text("x", encoding="utf-8")
        self.assertEqual(1, self.build().returncode)


if __name__ == "__main__":
    unittest.main()
