"""What is missing is skipped with the command that installs it, and fails where nothing may be skipped."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent


def run(suite, **environment):
    """Runs a suite in an environment without the programs and folders that a machine may have."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "IDEXTRACTOR_REQUIRE_EMULATOR", "TF_PLUGIN_MIRROR")}
    command = [sys.executable, "-m", "unittest", "-v", suite]
    done = subprocess.run(
        command, cwd=TESTS, env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **environment}, text=True, check=False, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout


class Missing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.nothing = folder.name

    def test_program_that_is_missing_is_skipped_with_the_command(self):
        code, output = run("test_terraform_modules.Modules", PATH=self.nothing)
        self.assertEqual(0, code, output)
        self.assertIn("terraform is not on the PATH (install Terraform", output)
        self.assertIn("OK (skipped=4)", output)

    def test_mirror_that_is_missing_is_skipped_with_the_command(self):
        pathlib.Path(self.nothing, "terraform").write_text("#!/bin/sh\n", encoding="utf-8")
        pathlib.Path(self.nothing, "terraform").chmod(0o755)
        code, output = run("test_terraform_modules.Modules", PATH=self.nothing, TF_PLUGIN_MIRROR=self.nothing)
        self.assertEqual(0, code, output)
        self.assertIn("no mirror of the aws provider is found (terraform -chdir=", output)

    def test_nothing_may_be_skipped_on_ci(self):
        for environment in ({"CI": "true"}, {"IDEXTRACTOR_REQUIRE_EMULATOR": "1"}):
            with self.subTest(environment):
                code, output = run("test_terraform_modules.Modules", PATH=self.nothing, **environment)
                self.assertEqual(1, code, output)
                self.assertIn("terraform is not on the PATH", output)


if __name__ == "__main__":
    unittest.main()
