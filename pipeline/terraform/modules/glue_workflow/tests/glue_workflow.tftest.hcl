mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_glue_workflow" {
    defaults = { arn = "arn:aws:glue:us-east-1:123456789012:workflow/metriccare_etl_workflow" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/start" }
  }
}

run "three_stages_on_demand" {
  command = apply

  variables {
    jobs = { bronze = "b", silver = "s", gold = "g" }
  }

  assert {
    condition     = aws_glue_workflow.this.name == "metriccare_etl_workflow" && aws_glue_workflow.this.max_concurrent_runs == 1
    error_message = "The defaults are the seed's name and runs that never overlap."
  }
  assert {
    condition     = aws_glue_trigger.start.type == "ON_DEMAND" && !aws_glue_trigger.start.enabled && aws_glue_trigger.start.schedule == null
    error_message = "Without a schedule the start trigger is on demand and disabled, so that an apply starts nothing."
  }
  assert {
    condition     = one(aws_glue_trigger.start.actions[*].job_name) == "b"
    error_message = "The start trigger starts the first stage."
  }
  assert {
    condition     = join(",", keys(aws_glue_trigger.after)) == "gold,silver"
    error_message = "Three jobs make three triggers."
  }
  assert {
    condition = alltrue([for stage, trigger in aws_glue_trigger.after :
      trigger.type == "CONDITIONAL" && trigger.enabled &&
      one(trigger.predicate[*].logical) == "AND" &&
      one(one(trigger.predicate[*].conditions)[*].job_name) == { silver = "b", gold = "s" }[stage] &&
      one(one(trigger.predicate[*].conditions)[*].logical_operator) == "EQUALS" &&
      one(one(trigger.predicate[*].conditions)[*].state) == "SUCCEEDED" &&
      one(trigger.actions[*].job_name) == { silver = "s", gold = "g" }[stage]
    ])
    error_message = "Each stage waits for the success of the stage before it, and of no other."
  }
  assert {
    condition     = length(output.trigger_arns) == 3 && output.start_role_arn == null && length(aws_cloudwatch_event_rule.job_ended_badly) == 0
    error_message = "Without a topic and a role name there are no alerts and no role."
  }
}

run "two_stages_skip_the_stage_between" {
  command = apply

  variables {
    jobs            = { bronze = "b", gold = "g" }
    schedule        = "cron(0 7 * * ? *)"
    start_role_name = "start"
    tags            = { Owner = "data" }
  }

  assert {
    condition     = aws_glue_trigger.start.type == "SCHEDULED" && aws_glue_trigger.start.enabled && aws_glue_trigger.start.schedule == "cron(0 7 * * ? *)"
    error_message = "With a schedule the start trigger is scheduled and enabled."
  }
  assert {
    condition     = one(one(aws_glue_trigger.after["gold"].predicate[*].conditions)[*].job_name) == "b" && length(aws_glue_trigger.after) == 1
    error_message = "Gold waits for bronze where silver has no job."
  }
  assert {
    condition     = jsondecode(aws_iam_role.start[0].assume_role_policy).Statement[0].Principal.Service == "scheduler.amazonaws.com"
    error_message = "Only EventBridge Scheduler assumes the start role."
  }
  assert {
    condition     = jsondecode(aws_iam_role.start[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Schedules of other accounts are refused."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.start[0].policy).Statement == [{
      Sid = "StartThisWorkflow", Effect = "Allow", Action = "glue:StartWorkflowRun", Resource = aws_glue_workflow.this.arn
    }]
    error_message = "The start role may start this workflow and nothing else."
  }
  assert {
    condition     = aws_glue_workflow.this.tags.Owner == "data" && aws_glue_trigger.start.tags.Owner == "data" && aws_glue_trigger.after["gold"].tags.Owner == "data" && aws_iam_role.start[0].tags.Owner == "data"
    error_message = "Every resource has the tags."
  }
}

run "five_stages_with_alerts" {
  command = apply

  variables {
    order           = ["raw", "bronze", "silver", "gold", "extract"]
    jobs            = { extract = "e", gold = "g", silver = "s", bronze = "b", raw = "r" }
    alert_topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"
  }

  assert {
    condition     = one(aws_glue_trigger.start.actions[*].job_name) == "r" && length(output.trigger_arns) == 5
    error_message = "Five jobs make five triggers, the first stage of the order first."
  }
  assert {
    condition = { for stage, trigger in aws_glue_trigger.after : stage => one(one(trigger.predicate[*].conditions)[*].job_name) } == {
      bronze = "r", silver = "b", gold = "s", extract = "g"
    }
    error_message = "Each stage waits for the one before it in the order, whatever the order of the map."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.job_ended_badly[0].event_pattern) == {
      source = ["aws.glue"], "detail-type" = ["Glue Job State Change"],
      detail = { jobName = ["b", "e", "g", "r", "s"], state = ["FAILED", "TIMEOUT", "STOPPED"] }
    }
    error_message = "The rule matches every run of these jobs that ends badly."
  }
  assert {
    condition     = aws_cloudwatch_event_target.topic[0].arn == "arn:aws:sns:us-east-1:123456789012:alerts"
    error_message = "The rule notifies the topic that was passed in."
  }
}
