data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  glue      = "arn:${local.partition}:glue:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  logs      = "arn:${local.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

resource "aws_glue_catalog_database" "this" {
  for_each = var.databases

  name        = each.key
  description = each.value
  tags        = var.tags
}

resource "aws_glue_crawler" "this" {
  for_each = var.crawlers

  name          = each.key
  description   = each.value.description
  role          = aws_iam_role.crawler[each.key].arn
  database_name = aws_glue_catalog_database.this[each.value.database].name
  table_prefix  = each.value.table_prefix
  tags          = var.tags
  depends_on    = [aws_iam_role_policy.crawler]

  s3_target {
    path = "s3://${each.value.bucket}/${each.value.prefix}"
  }

  # A table or partition whose files are gone is reported in the log and stays, for a person to decide.
  schema_change_policy {
    update_behavior = "UPDATE_IN_DATABASE"
    delete_behavior = "LOG"
  }

  recrawl_policy {
    recrawl_behavior = "CRAWL_EVERYTHING"
  }

  # One table per prefix even if files differ in columns; partitions take the table's schema.
  configuration = jsonencode({
    Version       = 1
    Grouping      = { TableGroupingPolicy = "CombineCompatibleSchemas" }
    CrawlerOutput = { Partitions = { AddOrUpdateBehavior = "InheritFromTable" } }
  })
}

resource "aws_iam_role" "crawler" {
  for_each = var.crawlers

  name        = each.key
  description = "Role of the Glue crawler ${each.key}"
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

resource "aws_iam_role_policy" "crawler" {
  for_each = var.crawlers

  name = "crawl"
  role = aws_iam_role.crawler[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ListBucket"
          Effect   = "Allow"
          Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
          Resource = "arn:${local.partition}:s3:::${each.value.bucket}"
        },
        {
          Sid      = "ReadPrefix"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "arn:${local.partition}:s3:::${each.value.bucket}/${each.value.prefix}*"
        },
        {
          Sid    = "UpdateDatabase"
          Effect = "Allow"
          Action = [
            "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable",
            "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "glue:CreatePartition",
            "glue:BatchCreatePartition", "glue:UpdatePartition", "glue:BatchUpdatePartition",
          ]
          Resource = [
            "${local.glue}:catalog",
            "${local.glue}:database/${each.value.database}",
            "${local.glue}:table/${each.value.database}/*",
          ]
        },
        {
          Sid      = "WriteLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${local.logs}:log-group:/aws-glue/crawlers*"
        },
      ],
      var.kms_key_arn == null ? [] : [{
        Sid      = "ReadEncryptedObjects"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = var.kms_key_arn
      }]
    )
  })
}
