"""Checks of a state machine's definition (JSONPath): retries, catches, and reads of data that no earlier state has set."""
import json
import re

# The known shape of each result: member -> shape; ANY is a value or an object of any shape. Members
# that the service may omit are not listed.
ANY = "any"
RESULTS = {
    "arn:aws:states:::lambda:invoke": {
        "Payload": {"isValid": ANY, "reason": ANY, "message": ANY, "metadata": {"bucket": ANY, "key": ANY}},
    },
    "arn:aws:states:::glue:startJobRun.sync": {"Id": ANY, "JobName": ANY, "JobRunState": ANY, "ExecutionTime": ANY},
    "arn:aws:states:::aws-sdk:glue:startCrawler": {},
    "arn:aws:states:::aws-sdk:glue:getCrawler": {"Crawler": {"Name": ANY, "State": ANY}},
    "arn:aws:states:::batch:submitJob.sync": {"JobId": ANY},
    "arn:aws:states:::aws-sdk:s3:headObject": {"Metadata": {}},
    "arn:aws:states:::sns:publish": {"MessageId": ANY},
}
# Members of a state whose value is a path of its input.
PATHS = ["InputPath", "OutputPath", "ItemsPath", "ErrorPath", "CausePath", "SecondsPath", "TimestampPath"]
CAUGHT = {"Error": ANY, "Cause": ANY}
PATH = re.compile(r"(?<![\w$])\$(?:\.[A-Za-z_]\w*)*(?![\w.])")


def retries(definition):
    """State -> its retriers as (set of errors, retries, seconds, rate)."""
    return {
        name: [(frozenset(r["ErrorEquals"]), r["MaxAttempts"], r["IntervalSeconds"], r["BackoffRate"]) for r in state["Retry"]]
        for name, state in definition["States"].items() if "Retry" in state
    }


def catches(definition):
    """State -> where its errors lead, as (set of errors, next state)."""
    return {
        name: [(frozenset(catcher["ErrorEquals"]), catcher["Next"]) for catcher in state["Catch"]]
        for name, state in definition["States"].items() if "Catch" in state
    }


def transitions(definition, choices):
    """The states of one execution, in order. `choices`: choice state -> the states that it leads to, one after the other."""
    remaining = {name: list(following) for name, following in choices.items()}
    name, visited = definition["StartAt"], []
    while name:
        visited.append(name)
        state = definition["States"][name]
        if state["Type"] == "Choice":
            name = remaining[name].pop(0)
            if name not in targets(state):
                raise ValueError(f"{visited[-1]} does not lead to {name}")
        else:
            name = state.get("Next")
    return visited


def targets(choice):
    return {rule["Next"] for rule in choice["Choices"]} | {choice.get("Default")}


def unset_reads(definition, start):
    """Reads of data that no state on the way has set: (state, path) pairs. `start` is the shape of the input, {"bucket": ANY, ...}."""
    states, unset, seen = definition["States"], set(), set()
    open_ends = [(definition["StartAt"], start)]
    while open_ends:
        name, data = open_ends.pop()
        mark = (name, json.dumps(data, sort_keys=True))
        if mark in seen:
            continue
        seen.add(mark)
        state = states[name]
        unset.update((name, path) for path in reads(state) if not has(data, path))
        open_ends += follow_choice(name, state, data, unset) if state["Type"] == "Choice" else follow(name, state, data, unset)
    return unset


def follow(name, state, data, unset):
    """Where a state that is not a choice leads, with the data that it leaves."""
    for catcher in state.get("Catch", []):
        yield catcher["Next"], put(data, catcher.get("ResultPath", "$"), CAUGHT)
    if "Next" not in state:
        return
    result = RESULTS[state["Resource"]] if state["Type"] == "Task" else shape(state["Parameters"], data) if "Parameters" in state else data
    if "ResultSelector" in state:
        unset.update((name, path) for path in payload_reads(state["ResultSelector"]) if not has(result, path))
        result = shape(state["ResultSelector"], result)
    yield state["Next"], put(data, state.get("ResultPath", "$"), result)


def follow_choice(name, choice, data, unset):
    for rule in choice["Choices"]:
        matched, always = test(rule, data, name, unset)
        yield rule["Next"], matched
        if always:
            return
    yield choice["Default"], data


def test(rule, data, name, unset):
    """The data as it is known after a rule that matched, and whether the rule always matches. Records reads of unset data."""
    if "And" in rule:
        certain = True
        for part in rule["And"]:
            data, always = test(part, data, name, unset)
            certain = certain and always
        return data, certain
    if "Or" in rule:
        for part in rule["Or"]:
            test(part, data, name, unset)
        return data, False
    path = rule["Variable"]
    if "IsPresent" in rule:
        return (put(data, path, ANY), False) if not has(data, path) else (data, rule["IsPresent"])
    if not has(data, path):
        unset.add((name, path))
    return data, False


def reads(state):
    """Paths that a state reads from its input, other than those of a choice's rules."""
    own = {state[member] for member in PATHS if state.get(member)}
    return own | payload_reads(state.get("Parameters", {}))


def payload_reads(template):
    """Paths of the input in a payload template, those within intrinsic functions included. The context object ($$) is always there."""
    if isinstance(template, list):
        return set().union(*map(payload_reads, template)) if template else set()
    if not isinstance(template, dict):
        return set()
    found = set()
    for key, value in template.items():
        if not key.endswith(".$"):
            found |= payload_reads(value)
        elif not value.startswith("$$"):
            # Text within an intrinsic function is not a path.
            found |= set(PATH.findall(re.sub(r"'[^']*'", "''", value)))
    return found


def shape(template, data):
    """The shape of what a payload template yields."""
    if not isinstance(template, dict):
        return ANY
    return {key.removesuffix(".$"): get(data, value) if key.endswith(".$") else shape(value, data) for key, value in template.items()}


def names(path):
    return path.split(".")[1:]


def has(data, path):
    for name in names(path):
        if data == ANY:
            return True
        if name not in data:
            return False
        data = data[name]
    return True


def get(data, path):
    """The shape at a path; ANY for intrinsic functions, for the context object, and for what is not known."""
    if not PATH.fullmatch(path):
        return ANY
    for name in names(path):
        if data == ANY or name not in data:
            return ANY
        data = data[name]
    return data


def put(data, path, value):
    """The data with a value at a path; a null path keeps the data as they are."""
    if path is None:
        return data
    if path == "$":
        return value
    (first, *rest) = names(path)
    if data == ANY:
        return data
    below = data.get(first, {})
    return {**data, first: put({} if below == ANY and rest else below, ".".join(["$", *rest]), value)}
