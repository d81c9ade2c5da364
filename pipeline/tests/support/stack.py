"""The environment dev, applied to the emulator once per process and shared by the suites of stack/."""
import contextlib
import functools
import subprocess
import sys

from .emulator import Emulator
from .terraform import ROOT, Terraform

FOLDER = "environments/dev"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/idextractor:0.2.0"
# Calls that would start work. An apply makes none of them.
STARTS = {
    "StartJobRun", "StartCrawler", "StartTrigger", "StartWorkflowRun", "SubmitJob", "StartExecution", "Invoke", "InvokeFunction",
    "Publish",
}


class Stack:
    """An emulator with the environment on it. `outputs` are Terraform's; `variables` what it was applied with."""

    def __init__(self):
        with contextlib.ExitStack() as failed:
            self.emulator = Emulator()
            failed.callback(self.emulator.stop)
            build_packages()
            self.terraform = Terraform()
            failed.callback(self.terraform.close)
            self.variables = network(self.emulator) | {
                "endpoint_url": self.emulator.endpoint, "extractor_image": IMAGE, "force_destroy": True,
                "notification_emails": ["oncall@example.com"],
                "tags": {"Owner": "data"},
            }
            self.terraform.init(FOLDER)
            self.first_plan = self.terraform.plan(FOLDER, self.variables)
            self.terraform.apply(FOLDER)
            self.outputs = self.terraform.outputs(FOLDER)
            self.calls_of_apply = self.emulator.requests()
            failed.pop_all()
        self.destroyed = False

    def plan(self, replace=None):
        """A second plan.

        `replace` is the address of a resource that it has to replace. That plan does not read the resources again.
        """
        return self.terraform.plan(FOLDER, self.variables, "again", *([f"-replace={replace}", "-refresh=false"] if replace else []))

    def destroy(self):
        self.destroyed = True
        self.terraform.destroy(FOLDER)

    def close(self):
        self.terraform.close()
        self.emulator.stop()


@functools.lru_cache
def applied():
    """The stack of this process. The first call applies it, which takes a minute or two."""
    import atexit

    stack = Stack()
    atexit.register(stack.close)
    return stack


def build_packages():
    subprocess.run([sys.executable, str(ROOT / "pipeline" / "tools" / "package.py")], check=True, stdout=subprocess.DEVNULL)


def network(emulator):
    """A VPC with a subnet, which the environment expects to exist."""
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {"vpc_id": vpc, "subnet_ids": [ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]]}
