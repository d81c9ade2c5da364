variable "name" {
  description = "Name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.name))
    error_message = "name accepts a bucket name: 3 to 63 lower-case letters, digits, '.' and '-', beginning and ending with a letter or digit."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the objects. Null: SSE-S3."
  type        = string
  default     = null
}

variable "tls_only" {
  description = "Deny requests without TLS. False only for emulators, which are reached over http."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Let a destroy delete the objects of the bucket with it."
  type        = bool
  default     = false
}

variable "expire_prefixes" {
  description = "Prefix -> days after which its objects expire."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for prefix, days in var.expire_prefixes : endswith(prefix, "/") && days >= 1])
    error_message = "expire_prefixes accepts prefixes that end in '/' and at least 1 day each."
  }
}

variable "noncurrent_days" {
  description = "Days that replaced and deleted versions of objects are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days accepts at least 1 day."
  }
}

variable "tags" {
  description = "Tags of the bucket."
  type        = map(string)
  default     = {}
}
