"""How jobs, crawls and containers end, on demand: POST /emulator/outcomes adds a rule, DELETE drops all of them.

A rule has "kind" ("glue_job_run", "crawl", "batch_attempt"), "name" (a pattern, * by default),
"times" (1 by default; null for always), and members that the kind defines. The oldest rule that
matches applies, and is removed after "times" uses. Without a rule everything succeeds.
"""
import fnmatch
import threading

_rules = []
_lock = threading.Lock()


def add(rule):
    if rule.get("kind") not in ("glue_job_run", "crawl", "batch_attempt"):
        raise ValueError("the kind is glue_job_run, crawl or batch_attempt")
    with _lock:
        _rules.append({"name": "*", "times": 1, **rule})


def clear():
    with _lock:
        _rules.clear()


def take(kind, name):
    """The rule for the next thing of this kind and name; None if there is none."""
    with _lock:
        for rule in _rules:
            if rule["kind"] == kind and fnmatch.fnmatchcase(name, rule["name"]):
                if rule["times"] is not None:
                    rule["times"] -= 1
                    if rule["times"] == 0:
                        _rules.remove(rule)
                return rule
    return None
