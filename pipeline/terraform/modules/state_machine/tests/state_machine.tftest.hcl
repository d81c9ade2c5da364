mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/etl" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:etl-orchestrator-dlq" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:etl-orchestrator" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/etl-pipeline-workflow" }
  }
}

variables {
  definition_path    = "../../../state_machines/etl_workflow.asl.json"
  packages_folder    = "tests/packages"
  raw_bucket         = "raw"
  glue_job_name      = "job-process-taxi-data"
  crawler_name       = "crawler-taxi-raw"
  topic_arn          = "arn:aws:sns:us-east-1:123456789012:topic"
  job_queue_arn      = "arn:aws:batch:us-east-1:123456789012:job-queue/idextractor"
  job_definition_arn = "arn:aws:batch:us-east-1:123456789012:job-definition/idextractor"
  ids_bucket         = "ids"
}

run "upload_by_notification" {
  command = apply

  assert {
    condition = (aws_sfn_state_machine.this.type == "STANDARD" && one(aws_sfn_state_machine.this.tracing_configuration[*].enabled) &&
    one(aws_sfn_state_machine.this.logging_configuration[*].level) == "ALL")
    error_message = "A standard state machine that traces and logs everything."
  }
  assert {
    condition     = jsondecode(aws_sfn_state_machine.this.definition).StartAt == "ValidateInput" && strcontains(aws_sfn_state_machine.this.definition, "\"NumericLessThan\": 60")
    error_message = "The definition is the template with its variables filled in."
  }
  assert {
    condition = alltrue([for f in [aws_lambda_function.orchestrator, aws_lambda_function.validate] :
    f.runtime == "python3.11" && f.timeout == 60 && f.memory_size == 256 && one(f.tracing_config[*].mode) == "Active"])
    error_message = "Python 3.11, 60 s, 256 MB, traced."
  }
  assert {
    condition = one(aws_lambda_function.orchestrator.environment[*].variables) == tomap({
      STATE_MACHINE_ARN    = "arn:aws:states:us-east-1:123456789012:stateMachine:etl-pipeline-workflow"
      ENABLE_ORCHESTRATION = "true", ENABLE_EXTRACTION = "false", INPUT_PREFIX = "raw/taxi/"
    })
    error_message = "The orchestrator knows its state machine."
  }
  assert {
    condition     = one(aws_lambda_function.validate.environment[*].variables) == tomap({ INPUT_PREFIX = "raw/taxi/", MIN_BYTES = "100", MAX_BYTES = "10737418240" })
    error_message = "The validation knows its limits."
  }
  assert {
    condition = (one(aws_lambda_function.orchestrator.dead_letter_config[*].target_arn) == aws_sqs_queue.dead_letters.arn &&
    aws_lambda_function_event_invoke_config.orchestrator.maximum_retry_attempts == 2 && aws_sqs_queue.dead_letters.name == "etl-orchestrator-dlq")
    error_message = "After two retries an event goes to the dead-letter queue."
  }
  assert {
    condition = (one(aws_s3_bucket_notification.uploads[0].lambda_function[*].filter_prefix) == "raw/taxi/" &&
    one(one(aws_s3_bucket_notification.uploads[0].lambda_function[*].events)) == "s3:ObjectCreated:*" && length(aws_cloudwatch_event_rule.uploads) == 0)
    error_message = "The bucket notifies the orchestrator of uploads below the prefix."
  }
  assert {
    condition = (aws_lambda_permission.uploads.principal == "s3.amazonaws.com" && aws_lambda_permission.uploads.source_arn == "arn:aws:s3:::raw" &&
    aws_lambda_permission.uploads.source_account == "123456789012")
    error_message = "Only this bucket of this account may invoke the orchestrator."
  }
  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_role_policy.state_machine.policy).Statement : s.Action if contains(flatten([s.Resource]), "*")])) == toset([
      "batch:DescribeJobs", "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
      "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"
    ])
    error_message = "Only actions without resource-level permissions are allowed on every resource."
  }
  assert {
    condition = one([for s in jsondecode(aws_iam_role_policy.state_machine.policy).Statement : s.Resource if contains(flatten([s.Action]), "events:PutRule")]) == (
    "arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForBatchJobsRule")
    error_message = "batch:submitJob.sync needs its rule."
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.function : group.retention_in_days == 30]) && aws_cloudwatch_log_group.state_machine.retention_in_days == 30
    error_message = "Every log group has a retention."
  }
}

run "upload_by_rule_with_a_key" {
  command = apply

  variables {
    upload_trigger = "eventbridge"
    kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/1"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.uploads) == 0
    error_message = "The notification configuration of another owner is left alone."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.uploads[0].event_pattern) == {
      source = ["aws.s3"], "detail-type" = ["Object Created"]
      detail = { bucket = { name = ["raw"] }, object = { key = [{ prefix = "raw/taxi/" }] } }
    }
    error_message = "The rule matches uploads below the prefix."
  }
  assert {
    condition     = aws_lambda_permission.uploads.principal == "events.amazonaws.com" && aws_lambda_permission.uploads.source_arn == "arn:aws:events:us-east-1:123456789012:rule/etl-orchestrator-uploads"
    error_message = "Only this rule may invoke the orchestrator."
  }
  assert {
    condition = alltrue([for policy in [aws_iam_role_policy.state_machine.policy, aws_iam_role_policy.orchestrator.policy, aws_iam_role_policy.validate.policy] :
    length([for s in jsondecode(policy).Statement : s if s.Resource == var.kms_key_arn]) == 1])
    error_message = "The roles may use the key."
  }
  assert {
    condition     = aws_sqs_queue.dead_letters.kms_master_key_id == var.kms_key_arn && aws_cloudwatch_log_group.state_machine.kms_key_id == var.kms_key_arn
    error_message = "Queue and log groups use the key."
  }
}

run "packages_are_missing" {
  command = plan

  variables {
    packages_folder = "tests/no-packages"
  }

  expect_failures = [aws_lambda_function.orchestrator, aws_lambda_function.validate]
}
