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
    defaults = { arn = "arn:aws:iam::123456789012:role/idextractor" }
  }
  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/idextractor-instance" }
  }
  mock_resource "aws_batch_compute_environment" {
    defaults = { arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/idextractor-1" }
  }
}

variables {
  image         = "111122223333.dkr.ecr.us-east-1.amazonaws.com/idextractor:0.2.0"
  vpc_id        = "vpc-1"
  subnet_ids    = ["subnet-1"]
  table_a       = "s3://people/eligible/"
  table_b       = "glue://datalake/accounts"
  table_buckets = ["silver"]
  ids_bucket    = "ids"
}

run "fargate" {
  command = apply

  assert {
    condition     = [for order in aws_batch_job_queue.this.compute_environment_order : order.order] == [1] && keys(aws_batch_compute_environment.this) == ["FARGATE"]
    error_message = "The queue has one Fargate environment."
  }
  assert {
    condition     = aws_batch_compute_environment.this["FARGATE"].compute_environment_name_prefix == "idextractor-"
    error_message = "Compute environments have a name prefix, so that they can be replaced."
  }
  assert {
    condition     = [for rule in aws_security_group.this[0].egress : [rule.from_port, rule.to_port, rule.protocol]] == [[443, 443, "tcp"]]
    error_message = "Without security groups the module creates one with egress to port 443 only."
  }
  assert {
    condition     = aws_batch_job_definition.this.parameters.output == "s3://ids/ids/" && output.job_definition_arn == "arn:aws:batch:us-east-1:123456789012:job-definition/idextractor"
    error_message = "The output is below ids/, and the ARN has no revision."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.job.policy).Statement : s.Resource if s.Sid == "ReadTables"]) == ["arn:aws:s3:::people/*", "arn:aws:s3:::silver/*"]
    error_message = "The job reads the table buckets and the buckets of s3:// tables, and no others."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.job.policy).Statement : s.Resource if s.Sid == "Publish"]) == ["arn:aws:s3:::ids/ids/stage/*", "arn:aws:s3:::ids/ids/active/*"]
    error_message = "The job writes stage/ and active/ only."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.job.policy).Statement : s.Resource if s.Sid == "FindTables"])[2] == "arn:aws:glue:us-east-1:123456789012:table/datalake/accounts"
    error_message = "The job reads its own tables in the catalog."
  }
  assert {
    condition     = length(aws_iam_role.instance) == 0
    error_message = "Fargate needs no instance role."
  }
}

run "fargate_spot_falls_back_to_fargate" {
  command   = apply
  state_key = "fargate_spot"

  variables {
    platform           = "FARGATE_SPOT"
    security_group_ids = ["sg-1"]
  }

  override_resource {
    target = aws_batch_compute_environment.this["FARGATE_SPOT"]
    values = { arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/spot" }
  }
  override_resource {
    target = aws_batch_compute_environment.this["FARGATE"]
    values = { arn = "arn:aws:batch:us-east-1:123456789012:compute-environment/fallback" }
  }

  assert {
    condition = [for order in aws_batch_job_queue.this.compute_environment_order : "${order.order} ${reverse(split("/", order.compute_environment))[0]}"] == [
      "1 spot", "2 fallback"
    ]
    error_message = "Fargate is the fallback of Fargate Spot in the same queue."
  }
  assert {
    condition     = length(aws_security_group.this) == 0
    error_message = "Security groups that are passed in are used."
  }
  assert {
    condition     = [for rule in one(aws_batch_job_definition.this.retry_strategy[*]).evaluate_on_exit : rule.action] == ["RETRY", "RETRY", "EXIT"]
    error_message = "An interruption and exit 75 are retried, everything else ends the job."
  }
}

run "ec2_spot" {
  command = apply

  variables {
    platform      = "EC2_SPOT"
    instance_tags = { Project = "idextractor" }
    kms_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/1"
  }

  assert {
    condition = alltrue([for c in aws_batch_compute_environment.this["SPOT"].compute_resources :
    c.type == "SPOT" && c.min_vcpus == 0 && c.instance_role == "arn:aws:iam::123456789012:instance-profile/idextractor-instance" && c.tags.Project == "idextractor"])
    error_message = "Spot instances run only while a job does."
  }
  assert {
    condition     = one([for rule in one(aws_batch_job_definition.this.retry_strategy[*]).evaluate_on_exit : rule.action if rule.on_status_reason == "Host EC2*"]) == "RETRY"
    error_message = "A host that is taken away is retried."
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.job.policy).Statement : s.Resource if s.Sid == "UseKey"]) == var.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "The job and its log group use the key."
  }
}

run "no_table_buckets" {
  command = plan

  variables {
    table_a       = "glue://datalake/eligible"
    table_buckets = []
  }

  assert {
    condition     = length([for s in jsondecode(aws_iam_role_policy.job.policy).Statement : s if length(flatten([s.Resource])) == 0]) == 0
    error_message = "IAM refuses a statement without a resource."
  }
}
