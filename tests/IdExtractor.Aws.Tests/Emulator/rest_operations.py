"""Which operation a REST-JSON request is, by the service's published model, which botocore carries."""
import functools
import json
import re
from urllib.parse import unquote

# Signing name -> name of botocore's model.
MODELS = {"batch": "batch", "lambda": "lambda", "scheduler": "scheduler"}
# The members that name what a request is about.
RESOURCES = ("FunctionName", "jobQueue", "jobId", "jobs", "jobDefinition")


def describe(service, method, path, body):
    """The log's members of a request: operation, resource (as text), body. None if the service or the path is not known."""
    for name, verb, pattern in _patterns(service):
        found = pattern.fullmatch(path) if verb == method else None
        if found:
            ask = {**{key: unquote(value) for key, value in found.groupdict().items()}, **_members(body)}
            about = (ask[member] for member in RESOURCES if member in ask)
            resource = "/".join(",".join(text) if isinstance(text, list) else str(text) for text in about)
            return {"operation": name, "resource": resource, "body": ask}
    return None


def _members(body):
    try:
        ask = json.loads(body or b"{}")
    except ValueError:
        return {}
    return ask if isinstance(ask, dict) else {}


@functools.lru_cache
def _patterns(service):
    if service not in MODELS:
        return ()
    import botocore.session

    model = botocore.session.get_session().get_service_model(MODELS[service])
    patterns = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        template = re.sub(r"\{(\w+)\+?\}", lambda member: f"(?P<{member[1]}>[^?]+)", http["requestUri"].partition("?")[0])
        patterns.append((name, http["method"], re.compile(template + "/?")))
    # The template with the most text first: /functions/{name}/invocations before /functions/{name}.
    return tuple(sorted(patterns, key=lambda pattern: -len(pattern[2].pattern)))
