# The job definition is a document with example names, which are replaced by this environment's. The documents are copies of
# those in docs/aws-batch, so that the module works without that folder; a test compares them.
locals {
  document  = jsondecode(file("${path.module}/job-definition-${local.ec2 ? "spot" : "fargate"}.json"))
  container = local.document.containerProperties

  # Built from names, so that a plan shows the definition as it will be.
  role_arns = { for role in ["job", "execution"] : role => "arn:${local.partition}:iam::${local.account}:role/${var.name}-${role}" }

  environment = {
    IDEXTRACTOR_EXPECTED_BUCKET_OWNER = local.account
    AWS_REGION                        = local.region
  }

  log_options = {
    "awslogs-group"  = aws_cloudwatch_log_group.this.name
    "awslogs-region" = local.region
  }

  # Fargate Spot ends a task with this reason. The documents have no rule for it: neither of them runs there.
  fargate_spot_rules = var.platform == "FARGATE_SPOT" ? [{ onStatusReason = "Your Spot Task was interrupted*", action = "RETRY" }] : []
}

resource "aws_batch_job_definition" "this" {
  name                  = var.name
  type                  = local.document.type
  platform_capabilities = local.document.platformCapabilities
  propagate_tags        = local.document.propagateTags
  tags                  = var.tags
  depends_on            = [aws_iam_role.job, aws_iam_role.execution]

  parameters = {
    table_a = var.table_a
    table_b = var.table_b
    output  = "s3://${var.ids_bucket}/${var.output_prefix}"
  }

  container_properties = jsonencode(merge(local.container, {
    image            = var.image
    jobRoleArn       = local.role_arns.job
    executionRoleArn = local.role_arns.execution
    environment = [for entry in local.container.environment : {
      name  = entry.name
      value = lookup(local.environment, entry.name, entry.value)
    }]
    logConfiguration = merge(local.container.logConfiguration, {
      options = merge(local.container.logConfiguration.options, local.log_options)
    })
  }))

  retry_strategy {
    attempts = local.document.retryStrategy.attempts

    dynamic "evaluate_on_exit" {
      for_each = concat(local.fargate_spot_rules, local.document.retryStrategy.evaluateOnExit)

      content {
        action           = evaluate_on_exit.value.action
        on_exit_code     = try(evaluate_on_exit.value.onExitCode, null)
        on_reason        = try(evaluate_on_exit.value.onReason, null)
        on_status_reason = try(evaluate_on_exit.value.onStatusReason, null)
      }
    }
  }

  timeout {
    attempt_duration_seconds = local.document.timeout.attemptDurationSeconds
  }
}
