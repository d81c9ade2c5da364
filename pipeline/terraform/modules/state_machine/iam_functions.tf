locals {
  logs = "arn:${local.partition}:logs:${local.place}:log-group"

  trust_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })

  trace_statement = {
    Sid      = "Trace"
    Effect   = "Allow"
    Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    Resource = "*"
  }
}

resource "aws_iam_role" "orchestrator" {
  name               = var.orchestrator_name
  description        = "Role of the function ${var.orchestrator_name}"
  assume_role_policy = local.trust_lambda
  tags               = var.tags
}

resource "aws_iam_role_policy" "orchestrator" {
  name = "run"
  role = aws_iam_role.orchestrator.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "StartExecutions"
          Effect   = "Allow"
          Action   = "states:StartExecution"
          Resource = local.state_machine_arn
        },
        {
          Sid      = "KeepDeadLetters"
          Effect   = "Allow"
          Action   = "sqs:SendMessage"
          Resource = local.dead_letters_arn
        },
        {
          Sid      = "WriteLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${local.logs}:/aws/lambda/${var.orchestrator_name}:*"
        },
        local.trace_statement,
      ],
      [for statement in [{
        Sid      = "EncryptDeadLetters"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.kms_key_arn
      }] : statement if var.kms_key_arn != null]
    )
  })
}

resource "aws_iam_role" "validate" {
  name               = var.validate_name
  description        = "Role of the function ${var.validate_name}"
  assume_role_policy = local.trust_lambda
  tags               = var.tags
}

resource "aws_iam_role_policy" "validate" {
  name = "run"
  role = aws_iam_role.validate.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ReadUploads"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "${local.raw_bucket_arn}/${var.input_prefix}*"
        },
        {
          # Without it S3 answers 403 for an object that does not exist, and "not found" would look like "denied".
          Sid      = "TellMissingFromDenied"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.raw_bucket_arn
        },
        {
          Sid      = "WriteLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${local.logs}:/aws/lambda/${var.validate_name}:*"
        },
        local.trace_statement,
      ],
      [for statement in [{
        Sid      = "ReadEncryptedUploads"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.kms_key_arn
      }] : statement if var.kms_key_arn != null]
    )
  })
}
