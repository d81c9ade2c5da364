variable "region" {
  description = "Region of the environment."
  type        = string
  default     = "us-east-1"
}

variable "endpoint_url" {
  description = <<-TEXT
    Address of an emulator. Every call of the provider goes there with path style, and the TLS-only bucket policies are
    omitted. Null: AWS.
  TEXT
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_url == null || can(regex("^https?://\\S+$", var.endpoint_url))
    error_message = "endpoint_url accepts null or an http(s) URL, for example http://127.0.0.1:5000."
  }
}

variable "vpc_id" {
  description = "VPC of the extractor's security group. The account's default VPC is never assumed."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the extractor. They need a route to S3, Glue, ECR and CloudWatch Logs."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids accepts at least one subnet; the account's default VPC is never assumed."
  }
}

variable "security_group_ids" {
  description = "Security groups of the extractor. Empty: the environment creates one, with egress to port 443 only."
  type        = list(string)
  default     = []
}

variable "extractor_image" {
  description = "Container image of the extractor, with a tag or a digest."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$", var.extractor_image))
    error_message = "extractor_image accepts an image with a tag or a digest, for example registry.example.com/idextractor:0.2.0."
  }

  validation {
    condition     = !endswith(var.extractor_image, ":latest")
    error_message = "extractor_image accepts a tag other than latest: what a moving tag runs changes without a deployment."
  }
}

variable "extractor_platform" {
  description = "Where the extractor runs: FARGATE, or EC2_SPOT (Spot instances)."
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "EC2_SPOT"], var.extractor_platform)
    error_message = "extractor_platform accepts FARGATE or EC2_SPOT."
  }
}

variable "table_a" {
  description = "Table A, the eligible people: glue://database/table or s3://bucket/prefix/."
  type        = string
  default     = "glue://datalake/eligible"

  validation {
    condition     = can(regex("^(glue://[^/?]+/[^/?]+|s3://[^/]+/.+/)$", var.table_a))
    error_message = "table_a accepts glue://database/table or s3://bucket/prefix/ (with the slash at the end)."
  }
}

variable "table_b" {
  description = "Table B, the accounts: glue://database/table or s3://bucket/prefix/."
  type        = string
  default     = "glue://datalake/accounts"

  validation {
    condition     = can(regex("^(glue://[^/?]+/[^/?]+|s3://[^/]+/.+/)$", var.table_b))
    error_message = "table_b accepts glue://database/table or s3://bucket/prefix/ (with the slash at the end)."
  }
}

variable "table_buckets" {
  description = <<-TEXT
    Buckets that contain the glue:// tables. The extractor may read these and the buckets of s3:// tables, and no others.
    Null: the silver bucket.
  TEXT
  type        = list(string)
  default     = null
}

variable "raw_bucket_name" {
  description = "Bucket of the uploads. Null: ACCOUNT-oubt-datalake."
  type        = string
  default     = null
}

variable "bronze_bucket_name" {
  description = "Bucket of bronze data."
  type        = string
  default     = "datalake-pipeline-bronze-dev"
}

variable "silver_bucket_name" {
  description = "Bucket of silver data."
  type        = string
  default     = "datalake-pipeline-silver-dev"
}

variable "gold_bucket_name" {
  description = "Bucket of gold data."
  type        = string
  default     = "datalake-pipeline-gold-dev"
}

variable "ids_bucket_name" {
  description = "Bucket of the published ids."
  type        = string
  default     = "datalake-pipeline-ids-dev"
}

variable "scripts_bucket_name" {
  description = "Bucket of the scripts of the Glue jobs."
  type        = string
  default     = "datalake-pipeline-scripts-dev"
}

variable "glue_workflow_schedule" {
  description = "When the silver workflow starts, as cron(six fields) in UTC."
  type        = string
  default     = "cron(0 */1 * * ? *)"

  validation {
    condition     = can(regex("^cron\\([^\\s()]+( [^\\s()]+){5}\\)$", var.glue_workflow_schedule))
    error_message = "glue_workflow_schedule accepts cron(six fields), for example cron(0 */2 * * ? *)."
  }
}

variable "medallion_schedule" {
  description = "When the medallion workflow starts, as cron(six fields) in UTC. Null: on demand."
  type        = string
  default     = null

  validation {
    condition     = var.medallion_schedule == null || can(regex("^cron\\([^\\s()]+( [^\\s()]+){5}\\)$", var.medallion_schedule))
    error_message = "medallion_schedule accepts null or cron(six fields), for example cron(0 */2 * * ? *)."
  }
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
    condition     = var.input_min_bytes >= 1 && floor(var.input_min_bytes) == var.input_min_bytes
    error_message = "input_min_bytes accepts a whole number of 1 or more."
  }

  validation {
    condition     = var.input_min_bytes < var.input_max_bytes
    error_message = "input_min_bytes accepts less than input_max_bytes."
  }
}

variable "input_max_bytes" {
  description = "Largest upload that is processed."
  type        = number
  default     = 10737418240

  validation {
    condition     = floor(var.input_max_bytes) == var.input_max_bytes
    error_message = "input_max_bytes accepts a whole number."
  }
}

variable "upload_trigger" {
  description = <<-TEXT
    What calls the orchestrator: s3 (the bucket's notification) or eventbridge (a rule on Object Created; for buckets whose
    notifications another owner manages).
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

variable "crawler_max_checks" {
  description = "How many times the state machine checks the crawler, 30 seconds apart."
  type        = number
  default     = 60

  validation {
    condition     = var.crawler_max_checks >= 1 && var.crawler_max_checks <= 1000 && floor(var.crawler_max_checks) == var.crawler_max_checks
    error_message = "crawler_max_checks accepts a whole number from 1 to 1000."
  }
}

variable "notification_emails" {
  description = "Addresses that are subscribed to the notifications. Each has to confirm by mail."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.notification_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "notification_emails accepts e-mail addresses, for example oncall@example.com."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = join(" ", [
      "log_retention_days accepts what CloudWatch supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,",
      "2192, 2557, 2922, 3288 or 3653.",
    ])
  }
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

variable "manage_glue_log_groups" {
  description = <<-TEXT
    True: the environment owns the log groups that all crawlers and Python-shell jobs of the account share, and gives them
    its retention and key. A destroy deletes them with all that is in them.
  TEXT
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = <<-TEXT
    KMS key of the buckets, topic, queue and log groups; the roles get permissions on it. Null: SSE-S3 and keys that AWS
    owns.
  TEXT
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn accepts null or the ARN of a KMS key, for example arn:aws:kms:us-east-1:111122223333:key/KEY-ID."
  }
}

variable "force_destroy" {
  description = "Let a destroy delete the objects of the buckets."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of every resource, besides Project, Environment and ManagedBy."
  type        = map(string)
  default     = {}

  # S3 accepts 10 tags on an object, and the uploaded scripts have these as well.
  validation {
    condition     = length(setsubtract(keys(var.tags), ["Project", "Environment", "ManagedBy"])) <= 7
    error_message = "tags accepts at most 7 tags besides Project, Environment and ManagedBy: an object in S3 can have 10."
  }
}
