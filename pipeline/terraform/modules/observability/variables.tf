variable "topic_name" {
  description = "Name of the SNS topic of all notifications and alarms."
  type        = string
  default     = "etl-pipeline-notifications"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.topic_name))
    error_message = "topic_name accepts 1 to 256 letters, digits, '_' and '-'."
  }
}

variable "notification_emails" {
  description = "Addresses that are subscribed to the topic. Each has to confirm by mail."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.notification_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "notification_emails accepts e-mail addresses, for example oncall@example.com."
  }
}

variable "state_machine_name" {
  description = "Name of the state machine that is watched."
  type        = string
  default     = "etl-pipeline-workflow"
}

variable "dlq_name" {
  description = "Name of the dead-letter queue that is watched; the alarm has the same name."
  type        = string
  default     = "etl-orchestrator-dlq"
}

variable "function_names" {
  description = "Functions on the dashboard."
  type        = list(string)
  default     = ["etl-orchestrator", "etl-orchestrator-validate-input"]
}

variable "extractor_log_group" {
  description = "Log group of the extractor, for the dashboard's table of runs."
  type        = string
  default     = "/aws/batch/idextractor"
}

variable "dashboard_name" {
  description = "Name of the dashboard."
  type        = string
  default     = "idextractor-pipeline"
}

variable "alarm_max_drop_percent" {
  description = "Drop of the number of ids, in percent, above which the alarm fires."
  type        = number
  default     = 30

  validation {
    condition     = var.alarm_max_drop_percent >= 1 && var.alarm_max_drop_percent <= 100
    error_message = "alarm_max_drop_percent accepts 1 to 100."
  }
}

variable "alert_crawler_names" {
  description = "Crawlers whose failure is reported to the topic by an EventBridge rule."
  type        = list(string)
  default     = []
}

variable "runbook" {
  description = "Where the runbook is, for the descriptions of the alarms."
  type        = string
  default     = "docs/runbook.md"
}

variable "kms_key_arn" {
  description = "KMS key of the topic. Its key policy must let cloudwatch.amazonaws.com and events.amazonaws.com use it. Null: none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
