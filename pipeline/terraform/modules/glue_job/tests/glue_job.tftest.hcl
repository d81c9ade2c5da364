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
    defaults = { arn = "arn:aws:iam::123456789012:role/job" }
  }
}

variables {
  name           = "job-transform-silver-to-gold"
  scripts_bucket = "scripts"
  script_key     = "jobs/silver_to_gold/glue_entry.py"
}

run "spark_with_bookmarks" {
  command = apply

  variables {
    package_key = "jobs/pipeline_jobs.zip"
    bookmarks   = true
    arguments   = { "--source" = "s3://bronze/" }
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1"
    statements  = [{ sid = "ReadSilver", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::silver/*"] }]
  }

  assert {
    condition = (aws_glue_job.this.glue_version == "5.0" && aws_glue_job.this.worker_type == "G.1X" && aws_glue_job.this.number_of_workers == 2 &&
    aws_glue_job.this.timeout == 60 && aws_glue_job.this.max_retries == 0 && one(aws_glue_job.this.execution_property[*].max_concurrent_runs) == 1)
    error_message = "Glue 5.0, two G.1X workers, 60 minutes, no retries, one run at a time."
  }
  assert {
    condition     = one(aws_glue_job.this.command[*].name) == "glueetl" && one(aws_glue_job.this.command[*].script_location) == "s3://scripts/jobs/silver_to_gold/glue_entry.py"
    error_message = "The job runs its script as Spark."
  }
  assert {
    condition = (aws_glue_job.this.default_arguments["--job-bookmark-option"] == "job-bookmark-enable" &&
    aws_glue_job.this.default_arguments["--extra-py-files"] == "s3://scripts/jobs/pipeline_jobs.zip" && aws_glue_job.this.default_arguments["--source"] == "s3://bronze/")
    error_message = "Bookmarks, the package and the script's arguments are default arguments."
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.runs : group.retention_in_days == 30 && group.kms_key_id == var.kms_key_arn])
    error_message = "The log groups have a retention and the key."
  }
  assert {
    condition = (aws_glue_job.this.default_arguments["--custom-logGroup-prefix"] == "/aws-glue/jobs/${var.name}" &&
    toset([for group in aws_cloudwatch_log_group.runs : group.name]) == toset(["/aws-glue/jobs/${var.name}/error", "/aws-glue/jobs/${var.name}/output"]))
    error_message = "Glue 5.0 writes to the groups error and output below the prefix; both are the module's."
  }
  assert {
    condition     = length([for name in keys(aws_glue_job.this.default_arguments) : name if strcontains(name, "continuous")]) == 0
    error_message = "Glue 5.0 ignores the arguments of continuous logging."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Resource if s.Sid == "ReadSilver"]) == ["arn:aws:s3:::silver/*"]
    error_message = "The role has the statements that were passed in."
  }
  assert {
    condition = ([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Action if contains(flatten([s.Resource]), "*")] == ["cloudwatch:PutMetricData"] &&
    one([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Condition.StringEquals["cloudwatch:namespace"] if s.Sid == "WriteMetrics"]) == "Glue")
    error_message = "Only the metrics, whose namespace is a condition, are allowed on every resource."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Resource if s.Sid == "UseKey"]) == var.kms_key_arn
    error_message = "The role may use the key."
  }
}

run "python_shell" {
  command = apply

  variables {
    name            = "extract-ids"
    engine          = "python_shell"
    script_key      = "python_shell/submit_extractor.py"
    max_retries     = 1
    timeout_minutes = 45
  }

  assert {
    condition = (aws_glue_job.this.max_capacity == 0.0625 && one(aws_glue_job.this.command[*].name) == "pythonshell" &&
    one(aws_glue_job.this.command[*].python_version) == "3.9" && aws_glue_job.this.max_retries == 1 && aws_glue_job.this.timeout == 45)
    error_message = "Python 3.9 on 0.0625 DPU, one retry, 45 minutes."
  }
  assert {
    condition     = length(aws_cloudwatch_log_group.runs) == 0 && !contains(keys(aws_glue_job.this.default_arguments), "--job-bookmark-option")
    error_message = "A Python shell has neither Spark's log group nor its arguments."
  }
  assert {
    condition     = length([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s if contains(flatten([s.Resource]), "*")]) == 0
    error_message = "A Python shell is allowed nothing on every resource."
  }
}
