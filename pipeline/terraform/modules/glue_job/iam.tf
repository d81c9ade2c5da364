data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  bucket    = "arn:${local.partition}:s3:::${var.scripts_bucket}"
  logs      = "arn:${local.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  own_statements = [
    {
      Sid      = "ReadScript"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = concat(["${local.bucket}/${var.script_key}"], var.package_key == null ? [] : ["${local.bucket}/${var.package_key}"])
    },
    {
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${local.logs}:log-group:/aws-glue/*"
    },
  ]

  spark_statements = [
    {
      Sid      = "KeepTemporaryFiles"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.bucket}/temp/${var.name}/*"
    },
    {
      Sid       = "WriteMetrics"
      Effect    = "Allow"
      Action    = "cloudwatch:PutMetricData"
      Resource  = "*"
      Condition = { StringEquals = { "cloudwatch:namespace" = "Glue" } }
    },
  ]

  bookmark_statements = [{
    Sid      = "ReadBookmark"
    Effect   = "Allow"
    Action   = "glue:GetJobBookmark"
    Resource = "arn:${local.partition}:glue:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:job/${var.name}"
  }]

  kms_statements = var.kms_key_arn == null ? [] : [{
    Sid      = "UseKey"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = var.kms_key_arn
  }]
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "Role of the Glue job ${var.name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "glue.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "run"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      local.own_statements,
      [for statement in local.spark_statements : statement if local.spark],
      [for statement in local.bookmark_statements : statement if local.spark && var.bookmarks],
      [for statement in var.statements : {
        Sid      = statement.sid
        Effect   = "Allow"
        Action   = statement.actions
        Resource = statement.resources
      }],
      local.kms_statements,
    )
  })
}
