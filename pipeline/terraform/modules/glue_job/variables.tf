variable "name" {
  description = "Name of the job, and of its role."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name accepts 1 to 64 letters, digits, '_' and '-' (it names the role too)."
  }
}

variable "description" {
  description = "What the job does."
  type        = string
  default     = ""
}

variable "engine" {
  description = "spark: Glue 5.0 with Python 3. python_shell: Python 3.9 on a sixteenth of a DPU."
  type        = string
  default     = "spark"

  validation {
    condition     = contains(["spark", "python_shell"], var.engine)
    error_message = "engine accepts spark or python_shell."
  }
}

variable "scripts_bucket" {
  description = "Bucket of the script, of the package and of the job's temporary files."
  type        = string
}

variable "script_key" {
  description = "Key of the script in the scripts bucket."
  type        = string

  validation {
    condition     = can(regex("^[^/].*\\.py$", var.script_key))
    error_message = "script_key accepts a key that ends in .py and does not begin with '/'."
  }
}

variable "package_key" {
  description = "Key of a zip with the modules that the script imports. Null: none."
  type        = string
  default     = null
}

variable "arguments" {
  description = "Default arguments of the script, for example { \"--target\" = \"s3://bucket/prefix/\" }."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.arguments) : startswith(name, "--")])
    error_message = "arguments accepts names that begin with '--'."
  }
}

variable "bookmarks" {
  description = "Spark only: remember which input was processed."
  type        = bool
  default     = false
}

variable "workers" {
  description = "Spark only: number of G.1X workers."
  type        = number
  default     = 2

  validation {
    condition     = var.workers >= 2
    error_message = "workers accepts at least 2, the least that Glue runs."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which Glue ends a run with TIMEOUT."
  type        = number
  default     = 60

  validation {
    condition     = var.timeout_minutes >= 1 && var.timeout_minutes <= 2880
    error_message = "timeout_minutes accepts 1 to 2880."
  }
}

variable "max_retries" {
  description = "Runs that Glue starts by itself after a failed one."
  type        = number
  default     = 0

  validation {
    condition     = var.max_retries >= 0 && var.max_retries <= 10
    error_message = "max_retries accepts 0 to 10."
  }
}

variable "statements" {
  description = "What the script may do, besides reading itself and writing logs and metrics."
  type = list(object({
    sid       = string
    actions   = list(string)
    resources = list(string)
  }))
  default = []

  validation {
    condition     = alltrue([for statement in var.statements : alltrue([for action in statement.actions : !strcontains(action, "*")])])
    error_message = "statements accepts actions without '*'."
  }
}

variable "log_retention_days" {
  description = "Days that the logs of Spark runs are kept."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "KMS key of the log groups and of the data that the job reads and writes. Null: keys that AWS owns."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
