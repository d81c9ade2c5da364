locals {
  glue  = "arn:${local.partition}:glue:${local.place}"
  batch = "arn:${local.partition}:batch:${local.place}"
}

resource "aws_iam_role" "state_machine" {
  name        = var.name
  description = "Role of the state machine ${var.name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "state_machine" {
  name = "run"
  role = aws_iam_role.state_machine.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ValidateInput"
          Effect   = "Allow"
          Action   = "lambda:InvokeFunction"
          Resource = local.validate_arn
        },
        {
          Sid      = "RunGlueJob"
          Effect   = "Allow"
          Action   = ["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"]
          Resource = "${local.glue}:job/${var.glue_job_name}"
        },
        {
          Sid      = "RunCrawler"
          Effect   = "Allow"
          Action   = ["glue:StartCrawler", "glue:GetCrawler"]
          Resource = "${local.glue}:crawler/${var.crawler_name}"
        },
        {
          Sid      = "Notify"
          Effect   = "Allow"
          Action   = "sns:Publish"
          Resource = var.topic_arn
        },
        {
          # Without revision, and with any: the service checks both forms.
          Sid      = "SubmitExtraction"
          Effect   = "Allow"
          Action   = "batch:SubmitJob"
          Resource = [var.job_queue_arn, var.job_definition_arn, "${var.job_definition_arn}:*"]
        },
        {
          # An execution that is stopped terminates its job. A job's ARN holds an id that only exists later.
          Sid      = "StopExtraction"
          Effect   = "Allow"
          Action   = "batch:TerminateJob"
          Resource = "${local.batch}:job/*"
        },
        {
          Sid      = "WatchExtraction"
          Effect   = "Allow"
          Action   = "batch:DescribeJobs"
          Resource = "*"
        },
        {
          Sid      = "HearOfTheEndOfJobs"
          Effect   = "Allow"
          Action   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
          Resource = "arn:${local.partition}:events:${local.place}:rule/StepFunctionsGetEventsForBatchJobsRule"
        },
        {
          Sid      = "ReadIdsMetadata"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "arn:${local.partition}:s3:::${var.ids_bucket}/${var.ids_active_key}"
        },
        {
          Sid    = "DeliverLogs"
          Effect = "Allow"
          Action = [
            "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
          ]
          Resource = "*"
        },
        {
          Sid    = "Trace"
          Effect = "Allow"
          Action = [
            "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
          ]
          Resource = "*"
        },
      ],
      [for statement in [{
        Sid      = "UseKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.kms_key_arn
      }] : statement if var.kms_key_arn != null]
    )
  })
}
