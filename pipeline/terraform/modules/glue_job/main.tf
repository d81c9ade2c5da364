locals {
  spark  = var.engine == "spark"
  script = "s3://${var.scripts_bucket}/${var.script_key}"

  # Glue 5.0 writes to PREFIX/error and PREFIX/output. Without a prefix the runs of all jobs of the account share groups of
  # Glue's own, which keep logs forever. (The argument of earlier versions, --continuous-log-logGroup, has no effect.)
  log_prefix = "/aws-glue/jobs/${var.name}"

  spark_arguments = {
    "--job-language"           = "python"
    "--job-bookmark-option"    = var.bookmarks ? "job-bookmark-enable" : "job-bookmark-disable"
    "--enable-metrics"         = "true"
    "--custom-logGroup-prefix" = local.log_prefix
    "--TempDir"                = "s3://${var.scripts_bucket}/temp/${var.name}/"
  }
  package_arguments = var.package_key == null ? {} : { "--extra-py-files" = "s3://${var.scripts_bucket}/${var.package_key}" }
}

resource "aws_glue_job" "this" {
  name        = var.name
  description = var.description
  role_arn    = aws_iam_role.this.arn
  max_retries = var.max_retries
  timeout     = var.timeout_minutes
  tags        = var.tags
  depends_on  = [aws_iam_role_policy.this]

  glue_version      = local.spark ? "5.0" : "3.0"
  worker_type       = local.spark ? "G.1X" : null
  number_of_workers = local.spark ? var.workers : null
  max_capacity      = local.spark ? null : 0.0625
  execution_class   = local.spark ? "STANDARD" : null

  default_arguments = merge(local.spark ? local.spark_arguments : {}, local.package_arguments, var.arguments)

  command {
    name            = local.spark ? "glueetl" : "pythonshell"
    script_location = local.script
    python_version  = local.spark ? "3" : "3.9"
  }

  execution_property {
    max_concurrent_runs = 1
  }
}

resource "aws_cloudwatch_log_group" "runs" {
  for_each = toset(local.spark ? ["error", "output"] : [])

  name              = "${local.log_prefix}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}
