"""Runs one invocation of a Lambda function, as Lambda's runtime does: lambda_boot.py HANDLER CONTEXT, the event on standard input."""
import importlib
import json
import signal
import sys
import time
import traceback

MARK = "\n@@result@@"


class Context:
    def __init__(self, values):
        self.__dict__.update(values)
        self.log_stream_name = self.log_group_name = ""
        self.function_version = "$LATEST"
        self._end = time.monotonic() + values["timeout"]

    def get_remaining_time_in_millis(self):
        return int(max(0.0, self._end - time.monotonic()) * 1000)


def out_of_time(*_):
    raise TimeoutError("the function ran too long")


def main():
    module, _, name = sys.argv[1].rpartition(".")
    values = json.loads(sys.argv[2])
    sys.path.insert(0, ".")
    try:
        # Importing is Lambda's initialisation, which has its own limit.
        handler = getattr(importlib.import_module(module), name)
        event = json.loads(sys.stdin.read() or "{}")
        signal.signal(signal.SIGALRM, out_of_time)
        signal.setitimer(signal.ITIMER_REAL, values["timeout"])
        answer = {"value": handler(event, Context(values))}
        signal.setitimer(signal.ITIMER_REAL, 0)
    except TimeoutError as error:
        if "ran too long" not in str(error):
            raise
        message = f"RequestId: {values['aws_request_id']} Error: Task timed out after {values['timeout']:.2f} seconds"
        answer = {"error": {"errorType": "Sandbox.Timedout", "errorMessage": message}}
    except Exception as error:  # Whatever the function raises is its reply.
        answer = {"error": {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": traceback.format_tb(error.__traceback__)}}
    sys.stdout.write(MARK + json.dumps(answer))


if __name__ == "__main__":
    main()
