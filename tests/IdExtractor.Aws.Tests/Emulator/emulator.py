"""An S3 and Glue for tests: moto's server with the behaviour added that moto 5.2 lacks and the tests need.

Writes {"port": N} to standard output once it listens on a free loopback port. Ends when standard input closes, so that it never outlives
the process that started it.
"""
import json
import os
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

import glue_additions
import metadata_names
import s3_additions
from request_log import RequestLog


class Handler(WSGIRequestHandler):
    """Keeps metadata names that WSGI would drop, and says nothing of each request."""

    def make_environ(self):
        environ = super().make_environ()
        metadata_names.keep(self.headers.items(), environ)
        return environ

    def log_request(self, code="-", size="-"):
        pass


def main():
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "emulator")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "emulator")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    metadata_names.install()
    s3_additions.install()
    glue_additions.install()
    application = RequestLog(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Handler)
    server.daemon_threads = True
    threading.Thread(target=end_with_input, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()


def end_with_input():
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
