variable "workflow_name" {
  description = "Name of the Glue workflow. Its triggers and its rule are named after it."
  type        = string
  default     = "metriccare_etl_workflow"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,200}$", var.workflow_name))
    error_message = "workflow_name accepts 1 to 200 letters, digits, '-' and '_'."
  }
}

variable "description" {
  description = "Description of the workflow. Null: one that names the stages in order."
  type        = string
  default     = null
}

variable "jobs" {
  description = "Stage -> name of its Glue job. Every stage must be in order."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.jobs) > 0
    error_message = "jobs accepts a map of at least one stage to the name of its Glue job; it is empty."
  }

  validation {
    condition     = length(setsubtract(keys(var.jobs), var.order)) == 0
    error_message = "jobs accepts the stages in order (${join(", ", var.order)}) only; not in order: ${join(", ", setsubtract(keys(var.jobs), var.order))}."
  }
}

variable "order" {
  description = "The stages in run order. A stage without a job is skipped."
  type        = list(string)
  default     = ["bronze", "silver", "gold"]

  validation {
    condition     = length(distinct(var.order)) == length(var.order)
    error_message = "order accepts each stage once; it contains a stage twice: ${join(", ", var.order)}."
  }
}

variable "schedule" {
  description = "When the workflow starts, as cron(six fields). Null: on demand (a person, a Lambda, EventBridge)."
  type        = string
  default     = null

  validation {
    condition     = var.schedule == null || can(regex("^cron\\([^\\s()]+( [^\\s()]+){5}\\)$", var.schedule))
    error_message = "schedule accepts null or cron(six fields), for example cron(0 7 * * ? *)."
  }
}

variable "max_concurrent_runs" {
  description = "Runs of the workflow at the same time. 1: runs never overlap."
  type        = number
  default     = 1

  validation {
    condition     = var.max_concurrent_runs >= 1 && floor(var.max_concurrent_runs) == var.max_concurrent_runs
    error_message = "max_concurrent_runs accepts a whole number of at least 1."
  }
}

variable "alert_topic_arn" {
  description = "SNS topic for every run of these jobs that ends FAILED, TIMEOUT or STOPPED. Null: no alerts. Must be known at plan time."
  type        = string
  default     = null

  validation {
    condition     = var.alert_topic_arn == null || can(regex("^arn:[^:]+:sns:[^:]+:[^:]+:[^:]+$", var.alert_topic_arn))
    error_message = "alert_topic_arn accepts null or the ARN of an SNS topic."
  }
}

variable "start_role_name" {
  description = "Name of a role for EventBridge Scheduler that may start this workflow and nothing else. Null: no role."
  type        = string
  default     = null

  validation {
    condition     = var.start_role_name == null || can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.start_role_name))
    error_message = "start_role_name accepts null or the name of an IAM role (1 to 64 letters, digits and +=,.@_-)."
  }
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
