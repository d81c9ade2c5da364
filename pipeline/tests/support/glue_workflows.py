"""Runs a Glue workflow by the rules of Glue's developer guide, from the triggers as they are deployed. No emulator runs workflows.

- A run begins with the start trigger: of type SCHEDULED (at its time) or ON_DEMAND (StartWorkflowRun). A workflow has one of them.
- A CONDITIONAL trigger fires when its predicate holds: all of its conditions (AND) or one (ANY). A condition names a job or a crawler and
  the state in which it must have ended (EQUALS). It fires once per run.
- A trigger that is not ACTIVATED fires only if it is ON_DEMAND: those are CREATED until they are started.
- An action starts a job with its arguments over the job's default arguments, or a crawler.
"""
import dataclasses

JOB_ENDS = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")


@dataclasses.dataclass
class WorkflowRun:
    # ("job" or "crawler", name, state) in the order in which they ended.
    ended: list = dataclasses.field(default_factory=list)
    fired: list = dataclasses.field(default_factory=list)

    @property
    def names(self):
        return [name for _, name, _ in self.ended]


class Workflow:
    def __init__(self, glue, name):
        self._glue, self.name = glue, name
        names = [trigger for page in glue.get_paginator("get_triggers").paginate() for trigger in page["Triggers"]]
        self.triggers = [trigger for trigger in names if trigger.get("WorkflowName") == name]

    @property
    def start_trigger(self):
        (only,) = [trigger for trigger in self.triggers if trigger["Type"] != "CONDITIONAL"]
        return only

    def run(self, start_job, start_crawler):
        """`start_job(name, arguments)` and `start_crawler(name)` run them to their end and return the state in which they ended."""
        run = WorkflowRun()
        start = self.start_trigger
        if start["Type"] == "SCHEDULED" and start["State"] not in ("ACTIVATED", "CREATED"):
            return run
        waiting = [trigger for trigger in self.triggers if trigger["Type"] == "CONDITIONAL"]
        pending = [start]
        while pending:
            trigger = pending.pop(0)
            run.fired.append(trigger["Name"])
            for action in trigger["Actions"]:
                if "JobName" in action:
                    run.ended.append(("job", action["JobName"], start_job(action["JobName"], action.get("Arguments", {}))))
                else:
                    run.ended.append(("crawler", action["CrawlerName"], start_crawler(action["CrawlerName"])))
            ready = [trigger for trigger in waiting if holds(trigger["Predicate"], run.ended)]
            waiting = [trigger for trigger in waiting if trigger not in ready]
            pending += ready
        return run


def holds(predicate, ended):
    results = [condition_holds(condition, ended) for condition in predicate["Conditions"]]
    return any(results) if predicate.get("Logical") == "ANY" else all(results)


def condition_holds(condition, ended):
    if condition.get("LogicalOperator") != "EQUALS":
        raise ValueError(f"Glue has no operator {condition.get('LogicalOperator')}")
    if "JobName" in condition:
        if condition["State"] not in JOB_ENDS:
            raise ValueError(f"a job does not end in state {condition['State']}")
        return ("job", condition["JobName"], condition["State"]) in ended
    return ("crawler", condition["CrawlerName"], condition["CrawlState"]) in ended
