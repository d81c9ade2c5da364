variable "name" {
  description = "Name of the state machine and of its role; its log group is /aws/vendedlogs/states/NAME."
  type        = string
  default     = "etl-pipeline-workflow"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name accepts 1 to 64 letters, digits, '_' and '-'."
  }
}

variable "definition_path" {
  description = "File of the definition, a template in Amazon States Language."
  type        = string
}

variable "orchestrator_name" {
  description = "Name of the function that starts an execution for each upload, and of its role; its dead-letter queue is NAME-dlq."
  type        = string
  default     = "etl-orchestrator"
}

variable "validate_name" {
  description = "Name of the function that validates the input, and of its role."
  type        = string
  default     = "etl-orchestrator-validate-input"
}

variable "packages_folder" {
  description = "Folder of etl_orchestrator.zip and validate_input.zip."
  type        = string
}

variable "packages_command" {
  description = "The command that builds the packages, for the message about a missing one."
  type        = string
  default     = "python3 pipeline/tools/package.py"
}

variable "raw_bucket" {
  description = "Bucket of the uploads."
  type        = string
}

variable "input_prefix" {
  description = "Prefix of the uploads in the raw bucket."
  type        = string
  default     = "raw/taxi/"

  validation {
    condition     = can(regex("^[^/].*/$", var.input_prefix))
    error_message = "input_prefix accepts a prefix that ends in '/' and does not begin with it, for example raw/taxi/."
  }
}

variable "input_min_bytes" {
  description = "Smallest upload that is processed."
  type        = number
  default     = 100

  validation {
    condition     = var.input_min_bytes >= 1 && var.input_min_bytes < var.input_max_bytes
    error_message = "input_min_bytes accepts at least 1 and less than input_max_bytes."
  }

  # The function reads both as integers.
  validation {
    condition     = floor(var.input_min_bytes) == var.input_min_bytes && floor(var.input_max_bytes) == var.input_max_bytes
    error_message = "input_min_bytes accepts a whole number, as input_max_bytes does."
  }
}

variable "input_max_bytes" {
  description = "Largest upload that is processed."
  type        = number
  default     = 10737418240
}

variable "upload_trigger" {
  description = <<-TEXT
    s3: the bucket's notification configuration calls the orchestrator. eventbridge: a rule on Object Created calls it,
    and the bucket's configuration, which another owner manages and which must have EventBridge turned on, is left alone.
  TEXT
  type        = string
  default     = "s3"

  validation {
    condition     = contains(["s3", "eventbridge"], var.upload_trigger)
    error_message = "upload_trigger accepts s3 or eventbridge."
  }
}

variable "enable_orchestration" {
  description = "False: uploads are skipped."
  type        = bool
  default     = true
}

variable "enable_extraction" {
  description = "True: the extraction follows each upload."
  type        = bool
  default     = false
}

variable "glue_job_name" {
  description = "Glue job that processes an upload."
  type        = string
}

variable "crawler_name" {
  description = "Crawler that follows the job."
  type        = string
}

variable "crawler_max_checks" {
  description = "How many times the crawler is checked, 30 seconds apart."
  type        = number
  default     = 60

  validation {
    condition     = var.crawler_max_checks >= 1 && var.crawler_max_checks <= 1000 && floor(var.crawler_max_checks) == var.crawler_max_checks
    error_message = "crawler_max_checks accepts a whole number from 1 to 1000."
  }
}

variable "topic_arn" {
  description = "SNS topic of the notifications."
  type        = string
}

variable "job_queue_arn" {
  description = "Batch job queue of the extraction."
  type        = string
}

variable "job_definition_arn" {
  description = "Batch job definition of the extraction, without revision."
  type        = string
}

variable "ids_bucket" {
  description = "Bucket of the published ids."
  type        = string
}

variable "ids_active_key" {
  description = "Key of the published file."
  type        = string
  default     = "ids/active/latest.txt.gz"
}

variable "log_retention_days" {
  description = "Days that the logs are kept."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "KMS key of the buckets, topic, queue and log groups. Null: keys that AWS owns."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
