"""A warm environment of one Lambda function: lambda_boot.py HANDLER. Each line of standard input is {"event", "context"}.

Output of the function goes to standard output. Each invocation ends with a line that begins with MARK and has {"value"} or {"error"}.
"""
import importlib
import json
import os
import signal
import sys
import time
import traceback

MARK = "@@result@@"


class Context:
    """The context object, as far as functions use it."""

    def __init__(self, values):
        self.__dict__.update(values)
        self.log_stream_name = self.log_group_name = ""
        self.function_version = "$LATEST"
        self._end = time.monotonic() + values["timeout"]

    def get_remaining_time_in_millis(self):
        return int(max(0.0, self._end - time.monotonic()) * 1000)


class OutOfTime(BaseException):
    pass


def out_of_time(*_):
    raise OutOfTime


def main():
    module, _, name = sys.argv[1].rpartition(".")
    sys.path.insert(0, ".")
    signal.signal(signal.SIGALRM, out_of_time)
    handler = None
    for line in sys.stdin:
        request = json.loads(line)
        context, is_over = request["context"], False
        try:
            # Importing is Lambda's initialisation, which has its own limit.
            handler = handler or getattr(importlib.import_module(module), name)
            signal.setitimer(signal.ITIMER_REAL, context["timeout"])
            answer = {"value": handler(request["event"], Context(context))}
        except OutOfTime:
            is_over = True
            message = f"RequestId: {context['aws_request_id']} Error: Task timed out after {context['timeout']:.2f} seconds"
            answer = {"error": {"errorType": "Sandbox.Timedout", "errorMessage": message}}
        except Exception as error:  # Whatever the function raises is its reply.
            answer = {"error": {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": traceback.format_tb(error.__traceback__)}}
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(f"\n{MARK}{json.dumps(answer)}", flush=True)
        if is_over:
            # Lambda throws such an environment away.
            os._exit(1)


if __name__ == "__main__":
    main()
