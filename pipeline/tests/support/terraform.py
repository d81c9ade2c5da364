"""Runs terraform on a copy of the configuration, so that nothing is written into the repository."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from .provider import Provider
from .requirements import mirror

ROOT = pathlib.Path(__file__).resolve().parents[3]
LEFTOVERS = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*", "__pycache__", "node_modules")
# What the configuration reads, relative to the root of the repository.
READ = ["pipeline/terraform", "pipeline/state_machines", "pipeline/jobs", "pipeline/python_shell", "pipeline/build"]

SETTINGS = """provider_installation {
  filesystem_mirror {
    path = "%s"
  }
}
"""


class TerraformFailed(AssertionError):
    """A command failed; the text has its output."""


class Terraform:
    """A copy of the repository's configuration in a temporary folder, and commands that run in it."""

    def __init__(self):
        self._provider = None
        self._folder = tempfile.TemporaryDirectory(prefix="pipeline-terraform-")
        self.root = pathlib.Path(self._folder.name)
        for name in READ:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.root / name, ignore=LEFTOVERS)
        self.folder = self.root / "pipeline" / "terraform"
        settings = self.root / "terraform.rc"
        settings.write_text(SETTINGS % mirror(), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        self._environment = {**kept, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def close(self):
        if self._provider:
            self._provider.close()
        self._folder.cleanup()

    def run(self, folder, *command):
        """Runs `terraform COMMAND` in a folder below pipeline/terraform; returns exit code and output."""
        command = ["terraform", f"-chdir={self.folder / folder}", *command]
        done = subprocess.run(command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def must(self, folder, *command):
        """As `run`, for commands that have to succeed; returns the output."""
        code, output = self.run(folder, *command)
        if code != 0:
            raise TerraformFailed(f"terraform {' '.join(command)} in {folder} ended with {code}:\n{output}")
        return output

    def set(self, **variables):
        """Environment variables of the commands from now on."""
        self._environment |= variables

    def init(self, folder):
        self.must(folder, "init", "-input=false", "-no-color")

    def share_provider(self, folder):
        """From now on, commands in any folder use one process of the provider of an initialised folder. No other one needs `init` then."""
        # The schema is large and commands are short: collecting their garbage would be a quarter of their time.
        self._environment["GOGC"] = "400"
        self._provider = Provider(self.folder / folder, self._environment)
        self._environment |= self._provider.environment

    def plan(self, folder, variables, out="plan", *options):
        """A plan as `terraform show -json` gives it. `variables` go into a file, so that lists and maps are possible."""
        path = self.folder / folder / f"{out}.tfvars.json"
        path.write_text(json.dumps(variables), encoding="utf-8")
        self.must(folder, "plan", "-input=false", "-no-color", f"-var-file={path.name}", f"-out={out}", *options)
        return json.loads(self.must(folder, "show", "-json", out))

    def apply(self, folder, out="plan"):
        self.must(folder, "apply", "-input=false", "-no-color", out)

    def outputs(self, folder):
        return {name: output["value"] for name, output in json.loads(self.must(folder, "output", "-json")).items()}

    def destroy(self, folder, out="plan"):
        self.must(folder, "destroy", "-auto-approve", "-input=false", "-no-color", f"-var-file={out}.tfvars.json")

    def state(self, folder):
        """Addresses of what the state holds."""
        return self.must(folder, "state", "list").split()


def resources(plan, kind=None):
    """Address -> planned values of a plan's resources, in all modules."""

    def walk(module):
        for resource in module.get("resources", []):
            if resource["mode"] == "managed" and kind in (None, resource["type"]):
                yield resource["address"], resource["values"]
        for child in module.get("child_modules", []):
            yield from walk(child)

    return dict(walk(plan["planned_values"]["root_module"]))


def only(plan, kind):
    """The planned values of the only resource of its type."""
    (values,) = resources(plan, kind).values()
    return values
