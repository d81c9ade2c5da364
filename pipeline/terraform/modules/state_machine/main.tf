data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

# ARNs are built from names: resources refer to each other, and a plan shows the policies as they will be.
locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id
  place     = "${local.region}:${local.account}"

  state_machine_arn = "arn:${local.partition}:states:${local.place}:stateMachine:${var.name}"
  validate_arn      = "arn:${local.partition}:lambda:${local.place}:function:${var.validate_name}"
  dead_letters_arn  = "arn:${local.partition}:sqs:${local.place}:${var.orchestrator_name}-dlq"
  rule_arn          = "arn:${local.partition}:events:${local.place}:rule/${var.orchestrator_name}-uploads"
  raw_bucket_arn    = "arn:${local.partition}:s3:::${var.raw_bucket}"
}

resource "aws_sfn_state_machine" "this" {
  name     = var.name
  type     = "STANDARD"
  role_arn = aws_iam_role.state_machine.arn
  tags     = var.tags

  depends_on = [aws_iam_role_policy.state_machine, aws_lambda_function.validate]

  definition = templatefile(var.definition_path, {
    validate_function_arn = local.validate_arn
    glue_job_name         = var.glue_job_name
    crawler_name          = var.crawler_name
    topic_arn             = var.topic_arn
    job_queue_arn         = var.job_queue_arn
    job_definition_arn    = var.job_definition_arn
    ids_bucket            = var.ids_bucket
    ids_active_key        = var.ids_active_key
    input_prefix          = var.input_prefix
    crawler_max_checks    = var.crawler_max_checks
  })

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
    include_execution_data = true
    level                  = "ALL"
  }

  tracing_configuration {
    enabled = true
  }
}

resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}
