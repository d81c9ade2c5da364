"""One process of the aws provider for many terraform commands.

Each command would check the provider's 700 MB and start it several times. Commands that run at the same time may share one if they mock it:
it is asked for its schema only. Others may if they run one after the other, because each configures it.
"""
import re
import subprocess

PROGRAM = ".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*"


class Provider:
    """The provider of an initialised folder, as a process that waits for terraform commands."""

    def __init__(self, folder, environment):
        (program,) = folder.glob(PROGRAM)
        # The option of Terraform's plugin SDK for a provider that outlives a command. Its socket stays behind in TMPDIR.
        self._process = subprocess.Popen(
            [program, "-debug"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**environment, "TMPDIR": str(folder)},
        )
        for line in self._process.stdout:
            found = re.search("TF_REATTACH_PROVIDERS='(.*)'", line)
            if found:
                self.environment = {"TF_REATTACH_PROVIDERS": found[1]}
                return
        raise RuntimeError(f"{program} ended with {self._process.wait()} instead of waiting for commands")

    def close(self):
        self._process.terminate()
        self._process.communicate()
