"""Installs what the modules of this folder add to moto: S3 and the catalog at the start, the rest when a service is first called.

The interpreter of state machines alone takes two seconds to import, which the tests of S3 should not pay for.
"""
import importlib
import threading

import glue_additions
import metadata_names
import s3_additions
from request_log import CREDENTIAL

# Signing name of a service -> modules whose install() it needs.
BY_SERVICE = {
    "states": ("state_machines", "state_machine_parsing", "state_machine_tasks", "lambda_functions"),
    "lambda": ("lambda_functions",),
    "glue": ("glue_jobs",),
    "batch": ("batch_jobs",),
    "events": ("s3_events",),
}

_installed = set()
_lock = threading.Lock()


def install():
    metadata_names.install()
    s3_additions.install()
    glue_additions.install()
    install_module("s3_events")


def install_module(name):
    with _lock:
        if name not in _installed:
            importlib.import_module(name).install()
            _installed.add(name)


class OnDemand:
    """WSGI middleware that installs a service's additions before its first request."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        for module in BY_SERVICE.get(signed.group(3) if signed else "s3", ()):
            install_module(module)
        return self._application(environ, start_response)
