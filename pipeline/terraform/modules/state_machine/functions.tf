locals {
  packages = { for name in ["etl_orchestrator", "validate_input"] : name => "${var.packages_folder}/${name}.zip" }
}

resource "aws_lambda_function" "orchestrator" {
  function_name    = var.orchestrator_name
  description      = "Starts one execution of ${var.name} for each version of an uploaded object"
  role             = aws_iam_role.orchestrator.arn
  runtime          = "python3.11"
  handler          = "lambda_function.lambda_handler"
  filename         = local.packages.etl_orchestrator
  source_code_hash = fileexists(local.packages.etl_orchestrator) ? filebase64sha256(local.packages.etl_orchestrator) : null
  timeout          = 60
  memory_size      = 256
  tags             = var.tags
  depends_on       = [aws_iam_role_policy.orchestrator, aws_cloudwatch_log_group.function]

  environment {
    variables = {
      STATE_MACHINE_ARN    = local.state_machine_arn
      ENABLE_ORCHESTRATION = tostring(var.enable_orchestration)
      INPUT_PREFIX         = var.input_prefix
      ENABLE_EXTRACTION    = tostring(var.enable_extraction)
    }
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }

  tracing_config {
    mode = "Active"
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages.etl_orchestrator)
      error_message = "etl_orchestrator.zip is missing. Build the packages: ${var.packages_command}"
    }
  }
}

# Lambda retries an event that the function raised for, then puts it into the queue.
resource "aws_lambda_function_event_invoke_config" "orchestrator" {
  function_name          = aws_lambda_function.orchestrator.function_name
  maximum_retry_attempts = 2
}

resource "aws_lambda_function" "validate" {
  function_name    = var.validate_name
  description      = "Checks an uploaded object: prefix, type, existence, size"
  role             = aws_iam_role.validate.arn
  runtime          = "python3.11"
  handler          = "lambda_function.lambda_handler"
  filename         = local.packages.validate_input
  source_code_hash = fileexists(local.packages.validate_input) ? filebase64sha256(local.packages.validate_input) : null
  timeout          = 60
  memory_size      = 256
  tags             = var.tags
  depends_on       = [aws_iam_role_policy.validate, aws_cloudwatch_log_group.function]

  environment {
    variables = {
      INPUT_PREFIX = var.input_prefix
      MIN_BYTES    = tostring(var.input_min_bytes)
      MAX_BYTES    = tostring(var.input_max_bytes)
    }
  }

  tracing_config {
    mode = "Active"
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages.validate_input)
      error_message = "validate_input.zip is missing. Build the packages: ${var.packages_command}"
    }
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = toset([var.orchestrator_name, var.validate_name])

  name              = "/aws/lambda/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.orchestrator_name}-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
  tags                      = var.tags
}
