"""The stack that the suites of stack/ run on: the applied environment, or with PIPELINE_STACK=boto3 the quick one of deployment.py."""
import functools
import os

from .requirements import needs

IS_QUICK = os.environ.get("PIPELINE_STACK") == "boto3"
# Class decorator for tests that run on either.
needs_stack = needs("moto") if IS_QUICK else needs("moto", "terraform", "provider")


@functools.lru_cache
def obtain():
    if IS_QUICK:
        from . import deployment
        from .emulator import Emulator

        return deployment.deploy(Emulator())
    from . import stack

    return stack.applied()
