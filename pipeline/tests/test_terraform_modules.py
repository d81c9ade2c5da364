"""The modules' own tests (`terraform test` with a mocked provider), and the format of all files."""
# needs: terraform, provider
# seconds: 20
import concurrent.futures
import re
import shutil
import sys
import unittest

from support.requirements import needs
from support.terraform import ROOT, Terraform

MODULES = ROOT / "pipeline" / "terraform" / "modules"
FILES = ["versions.tf", "variables.tf", "outputs.tf", "README.md"]


@needs("terraform", "provider")
class Modules(unittest.TestCase):
    """All modules share one provider process. They are tested two at a time."""

    @classmethod
    def setUpClass(cls):
        cls.terraform = Terraform()
        cls.addClassCleanup(cls.terraform.close)
        # The composition has no logic of its own; the environments' plans test it.
        cls.names = sorted(folder.name for folder in MODULES.iterdir() if any(folder.glob("tests/*.tftest.hcl")))
        # All modules require the same versions (see Sources), so that one initialisation stands for all.
        cls.terraform.init(f"modules/{cls.names[0]}")
        cls.terraform.share_provider(f"modules/{cls.names[0]}")

    def run_tests(self, name):
        return self.terraform.run(f"modules/{name}", "test", "-no-color")

    def test_every_module_passes_its_tests(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = dict(zip(self.names, pool.map(self.run_tests, self.names)))
        for name, (code, output) in results.items():
            with self.subTest(name):
                self.assertEqual(0, code, output)
                self.assertRegex(output, r"[1-9]\d* passed, 0 failed")

    def test_planted_defect_is_found(self):
        copy = self.terraform.folder / "modules" / "defect"
        shutil.copytree(self.terraform.folder / "modules" / "state_machine", copy)
        path = copy / "functions.tf"
        text = path.read_text(encoding="utf-8")
        self.assertIn("maximum_retry_attempts = 2", text)
        path.write_text(text.replace("maximum_retry_attempts = 2", "maximum_retry_attempts = 1"), encoding="utf-8")
        code, output = self.run_tests("defect")
        self.assertEqual(1, code, output)
        self.assertIn("After two retries an event goes to the dead-letter queue.", " ".join(output.replace("│", " ").split()))

    def test_every_module_is_tested(self):
        expected = {"bucket", "catalog", "glue_job", "glue_workflow", "extractor", "state_machine", "observability"}
        self.assertEqual(expected, set(self.names))

    def test_files_are_formatted(self):
        code, output = self.terraform.run(".", "fmt", "-check", "-diff", "-recursive")
        self.assertEqual(0, code, output)


class Sources(unittest.TestCase):
    def folders(self):
        return [*MODULES.iterdir(), *(MODULES.parent / "environments").iterdir()]

    def test_every_folder_has_its_files(self):
        for folder in self.folders():
            with self.subTest(folder.name):
                self.assertEqual([], [name for name in FILES if not (folder / name).is_file()])

    def test_job_definitions_are_those_of_the_documentation(self):
        documents = sorted((ROOT / "docs" / "aws-batch").glob("job-definition-*.json"))
        self.assertEqual(["job-definition-fargate.json", "job-definition-spot.json"], [document.name for document in documents])
        for document in documents:
            with self.subTest(document.name):
                self.assertEqual(document.read_bytes(), (MODULES / "extractor" / document.name).read_bytes())

    def test_versions_are_pinned_and_no_other_provider_is_used(self):
        for folder in self.folders():
            text = (folder / "versions.tf").read_text(encoding="utf-8")
            with self.subTest(folder.name):
                self.assertIn('required_version = ">= 1.11"', text)
                self.assertEqual(["hashicorp/aws"], re.findall(r'source\s*=\s*"([^"]+)"', text))
                self.assertIn('version = ">= 5.100, < 6"', text)

    def test_spark_jobs_leave_the_modules_arguments_to_glue(self):
        sys.path.insert(0, str(ROOT))
        self.addCleanup(sys.path.remove, str(ROOT))
        from pipeline.jobs.common.run import glue

        names = re.findall(r'"--([\w-]+)"\s*=', (MODULES / "glue_job" / "main.tf").read_text(encoding="utf-8"))
        self.assertIn("custom-logGroup-prefix", names)
        # A job refuses an argument that is neither its own nor Glue's.
        self.assertEqual([], [name for name in names if not glue._of_glue(name)])
        self.assertFalse(glue._of_glue("target"))

    def test_variables_are_typed_and_described_and_outputs_described(self):
        for folder in self.folders():
            for kind, words in (("variable", ("type", "description")), ("output", ("description",))):
                text = (folder / f"{kind}s.tf").read_text(encoding="utf-8")
                for name, body in re.findall(rf'^{kind} "(\w+)" \{{$(.*?)^\}}$', text, re.MULTILINE | re.DOTALL):
                    for word in words:
                        with self.subTest(folder=folder.name, name=name):
                            self.assertRegex(body, rf"(?m)^  {word}\s+=")


if __name__ == "__main__":
    unittest.main()
