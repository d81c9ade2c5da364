# The environments validate their variables and give them defaults; the modules below validate what they are passed.

variable "environment" {
  description = "Suffix of the names, and of the dashboard's: dev or prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "environment accepts 2 to 10 lower-case letters and digits, for example dev."
  }
}

variable "root" {
  description = "Path of the folder pipeline/, which has the scripts, the packages and the state machine."
  type        = string
}

variable "buckets" {
  description = "Role -> name of the bucket: bronze, silver, gold, ids, scripts; raw may be null (ACCOUNT-oubt-datalake)."
  type = object({
    raw     = optional(string)
    bronze  = string
    silver  = string
    gold    = string
    ids     = string
    scripts = string
  })
}

variable "tls_only" {
  description = "Deny requests to the buckets without TLS. False only for emulators."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Let a destroy delete the objects of the buckets."
  type        = bool
  default     = false
}

variable "noncurrent_days" {
  description = "Days that replaced and deleted versions of objects are kept."
  type        = number
}

variable "extractor" {
  description = "The extraction: image, platform, tables, network. The module extractor describes the members."
  type = object({
    image              = string
    platform           = string
    vpc_id             = string
    subnet_ids         = list(string)
    security_group_ids = list(string)
    table_a            = string
    table_b            = string
    table_buckets      = optional(list(string))
  })
}

variable "uploads" {
  description = "The uploads: prefix, size limits, trigger. The module state_machine describes the members."
  type = object({
    prefix               = string
    min_bytes            = number
    max_bytes            = number
    trigger              = string
    enable_orchestration = bool
    enable_extraction    = bool
    crawler_max_checks   = number
  })
}

variable "silver_schedule" {
  description = "When the silver workflow starts."
  type        = string
}

variable "medallion_schedule" {
  description = "When the medallion workflow starts. Null: on demand."
  type        = string
  default     = null
}

variable "notification_emails" {
  description = "Addresses that are subscribed to the topic."
  type        = list(string)
}

variable "alarm_max_drop_percent" {
  description = "Drop of the number of ids, in percent, above which the alarm fires."
  type        = number
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "manage_glue_log_groups" {
  description = "True: the log groups that all crawlers and Python-shell jobs of the account share are part of this environment."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "KMS key of the buckets, topic, queue and log groups. Null: keys that AWS owns."
  type        = string
  default     = null
}

variable "instance_tags" {
  description = "Tags of the EC2 instances that Batch starts, which the provider's default tags do not reach."
  type        = map(string)
  default     = {}
}
