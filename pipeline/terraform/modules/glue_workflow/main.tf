locals {
  stages = [for stage in var.order : stage if contains(keys(var.jobs), stage)]
  first  = local.stages[0]

  # Stage -> the stage that it waits for, for example { silver = "bronze", gold = "silver" }.
  previous = { for i, stage in local.stages : stage => local.stages[i - 1] if i > 0 }
}

resource "aws_glue_workflow" "this" {
  name                = var.workflow_name
  description         = coalesce(var.description, "Runs ${join(", then ", local.stages)}: each stage after the success of the one before it")
  max_concurrent_runs = var.max_concurrent_runs
  tags                = var.tags
}

resource "aws_glue_trigger" "start" {
  name          = "${var.workflow_name}-start-${local.first}"
  description   = var.schedule == null ? "Starts ${local.first} on demand" : "Starts ${local.first} on a schedule"
  type          = var.schedule == null ? "ON_DEMAND" : "SCHEDULED"
  schedule      = var.schedule
  workflow_name = aws_glue_workflow.this.name
  tags          = var.tags

  # The provider starts an enabled ON_DEMAND trigger as soon as it is created.
  enabled = var.schedule != null

  actions {
    job_name = var.jobs[local.first]
  }
}

resource "aws_glue_trigger" "after" {
  for_each = local.previous

  name          = "${var.workflow_name}-${each.value}-succeeded-start-${each.key}"
  description   = "Starts ${each.key} after the success of ${each.value}"
  type          = "CONDITIONAL"
  enabled       = true
  workflow_name = aws_glue_workflow.this.name
  tags          = var.tags

  predicate {
    logical = "AND"

    conditions {
      job_name         = var.jobs[each.value]
      logical_operator = "EQUALS"
      state            = "SUCCEEDED"
    }
  }

  actions {
    job_name = var.jobs[each.key]
  }
}
