data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id

  # ARNs are built from names, so that a plan shows policies and alarms as they will be.
  topic_arn = "arn:${local.partition}:sns:${local.region}:${local.account}:${var.topic_name}"
}

resource "aws_sns_topic" "this" {
  name              = var.topic_name
  display_name      = "ETL pipeline"
  kms_master_key_id = var.kms_key_arn
  tags              = var.tags
}

# Roles of this account publish by their own policies. The alarms and rules are services, so the topic has to allow them.
resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for service, source in {
      cloudwatch = "cloudwatch:${local.region}:${local.account}:alarm:*"
      events     = "events:${local.region}:${local.account}:rule/*"
      } : {
      Sid       = "Publish${title(service)}"
      Effect    = "Allow"
      Principal = { Service = "${service}.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = local.topic_arn
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:${source}" }
      }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.notification_emails)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}
