"""The AWS services that the tests need: moto's server with the behaviour added that moto 5.2 lacks.

Writes {"port": N} to standard output once it listens on a free loopback port. Ends when standard input closes, so that it never outlives
the process that started it. What each module adds is in its own docstring; tests steer it at /emulator/ (control.py).
"""
import json
import logging
import os
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

import additions
import metadata_names
from control import Control
from faults import Faults
from request_log import RequestLog


class Handler(WSGIRequestHandler):
    """Keeps metadata names that WSGI would drop, and does not log requests."""

    def make_environ(self):
        environ = super().make_environ()
        metadata_names.keep(self.headers.items(), environ)
        return environ

    def log_request(self, code="-", size="-"):
        pass

    def connection_dropped(self, error, environ=None):
        pass


def main():
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "emulator")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "emulator")
    # Batch's service roles attach managed policies, which moto loads only with this setting.
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    from moto.core.config import default_user_config as config
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    config["lambda"]["use_docker"] = config["batch"]["use_docker"] = False
    config["stepfunctions"]["execute_state_machine"] = True
    # moto prints its syntax tree for every state that fails, which tests make happen on purpose.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    additions.install()
    faults = Faults(additions.OnDemand(DomainDispatcherApplication(create_backend_app)))
    log = RequestLog(faults)
    server = make_server("127.0.0.1", 0, Control(log, faults), threaded=True, request_handler=Handler)
    server.daemon_threads = True
    # State machines, functions and jobs call the emulator back.
    os.environ["MOTO_PORT"] = str(server.server_port)
    threading.Thread(target=end_with_input, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()


def end_with_input():
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
