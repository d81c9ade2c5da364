variable "name" {
  description = "Name of the job queue, of the job definition and of the log group (/aws/batch/NAME); the roles' names begin with it."
  type        = string
  default     = "idextractor"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", var.name))
    error_message = "name accepts 1 to 40 letters, digits, '_' and '-'."
  }
}

variable "image" {
  description = "Container image with a tag or a digest."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")
    error_message = "image accepts an image with a tag other than latest, or with a digest, for example 111122223333.dkr.ecr.us-east-1.amazonaws.com/idextractor:0.2.0."
  }
}

variable "platform" {
  description = <<-TEXT
    Where the job runs. FARGATE. FARGATE_SPOT: Fargate Spot, with Fargate as its fallback in the same queue. EC2_SPOT: EC2 Spot instances.
    Batch refuses a queue that mixes EC2 and Fargate, so the fallback of Fargate is for Fargate Spot.
  TEXT
  type        = string
  default     = "FARGATE"

  validation {
    condition     = contains(["FARGATE", "FARGATE_SPOT", "EC2_SPOT"], var.platform)
    error_message = "platform accepts FARGATE, FARGATE_SPOT or EC2_SPOT."
  }
}

variable "vpc_id" {
  description = "VPC of the security group that the module creates without security_group_ids."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the containers. They need a route to S3, Glue, ECR and CloudWatch Logs."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids accepts at least one subnet; the account's default VPC is never assumed."
  }
}

variable "security_group_ids" {
  description = "Security groups of the containers. Empty: the module creates one with egress to port 443 only."
  type        = list(string)
  default     = []
}

variable "max_vcpus" {
  description = "Most vCPUs that each compute environment runs at the same time. A job takes 1 on Fargate and 2 on Spot."
  type        = number
  default     = 16

  validation {
    condition     = var.max_vcpus >= 2
    error_message = "max_vcpus accepts at least 2, those of one job on Spot."
  }
}

variable "table_a" {
  description = "Table A: glue://database/table or s3://bucket/prefix/."
  type        = string

  validation {
    condition     = can(regex("^(glue://[^/?]+/[^/?]+|s3://[^/]+/.+/)$", var.table_a))
    error_message = "table_a accepts glue://database/table or s3://bucket/prefix/."
  }
}

variable "table_b" {
  description = "Table B: glue://database/table or s3://bucket/prefix/."
  type        = string

  validation {
    condition     = can(regex("^(glue://[^/?]+/[^/?]+|s3://[^/]+/.+/)$", var.table_b))
    error_message = "table_b accepts glue://database/table or s3://bucket/prefix/."
  }
}

variable "table_buckets" {
  description = "Buckets that contain the glue:// tables. The buckets of s3:// tables are added."
  type        = list(string)
}

variable "ids_bucket" {
  description = "Bucket that the ids are published to, below output_prefix."
  type        = string
}

variable "output_prefix" {
  description = "Root of the output in the ids bucket."
  type        = string
  default     = "ids/"

  validation {
    condition     = can(regex("^[^/].*/$", var.output_prefix))
    error_message = "output_prefix accepts a prefix that ends in '/' and does not begin with it."
  }
}

variable "log_retention_days" {
  description = "Days that the logs are kept."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "KMS key of the buckets and of the log group. Null: keys that AWS owns."
  type        = string
  default     = null
}

variable "instance_tags" {
  description = "EC2_SPOT only: tags of the instances that Batch starts."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of all resources of this module."
  type        = map(string)
  default     = {}
}
