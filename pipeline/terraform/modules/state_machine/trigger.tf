locals {
  by_rule = var.upload_trigger == "eventbridge"
}

resource "aws_s3_bucket_notification" "uploads" {
  count = local.by_rule ? 0 : 1

  bucket     = var.raw_bucket
  depends_on = [aws_lambda_permission.uploads]

  lambda_function {
    id                  = var.orchestrator_name
    lambda_function_arn = aws_lambda_function.orchestrator.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = var.input_prefix
  }
}

resource "aws_cloudwatch_event_rule" "uploads" {
  count = local.by_rule ? 1 : 0

  name        = "${var.orchestrator_name}-uploads"
  description = "Objects created in ${var.raw_bucket} below ${var.input_prefix}"
  tags        = var.tags

  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = {
      bucket = { name = [var.raw_bucket] }
      object = { key = [{ prefix = var.input_prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "uploads" {
  count = local.by_rule ? 1 : 0

  rule      = aws_cloudwatch_event_rule.uploads[0].name
  target_id = var.orchestrator_name
  arn       = aws_lambda_function.orchestrator.arn
}

# A bucket's ARN does not name its account, so the account is a condition of its own.
resource "aws_lambda_permission" "uploads" {
  statement_id   = "uploads-by-${var.upload_trigger}"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orchestrator.function_name
  principal      = local.by_rule ? "events.amazonaws.com" : "s3.amazonaws.com"
  source_arn     = local.by_rule ? local.rule_arn : local.raw_bucket_arn
  source_account = local.by_rule ? null : local.account
}
