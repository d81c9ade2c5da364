variable "databases" {
  description = "Name -> description of each database."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.databases) : can(regex("^[a-z0-9_-]{1,255}$", name))])
    error_message = "databases accepts names of 1 to 255 lower-case letters, digits, '_' and '-'."
  }
}

variable "crawlers" {
  description = <<-TEXT
    Name -> crawler: its database (one of databases), the bucket and the prefix (ending in '/') that it crawls, and the prefix of its tables' names.
    A crawler has no schedule: workflows and state machines start it.
  TEXT
  type = map(object({
    description  = optional(string, "")
    database     = string
    bucket       = string
    prefix       = string
    table_prefix = optional(string, "")
  }))
  default = {}

  validation {
    condition     = alltrue([for crawler in values(var.crawlers) : contains(keys(var.databases), crawler.database)])
    error_message = "crawlers accepts databases of this module only (${join(", ", keys(var.databases))})."
  }

  validation {
    condition     = alltrue([for crawler in values(var.crawlers) : can(regex("^[^/].*/$", crawler.prefix))])
    error_message = "crawlers accepts prefixes that end in '/' and do not begin with it."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the buckets that are crawled. Null: SSE-S3."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
