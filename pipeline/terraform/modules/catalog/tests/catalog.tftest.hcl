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
    defaults = { arn = "arn:aws:iam::123456789012:role/crawler" }
  }
}

run "silver_crawler" {
  command = apply

  variables {
    databases = { "datalake-pipeline-catalog-dev" = "Silver tables", gold_data = "Gold tables" }
    crawlers = {
      "datalake-pipeline-silver-crawler-dev" = {
        database     = "datalake-pipeline-catalog-dev"
        bucket       = "datalake-pipeline-silver-dev"
        prefix       = "car_telemetry/"
        table_prefix = "silver_"
      }
    }
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1"
  }

  assert {
    condition     = output.database_names == toset(["datalake-pipeline-catalog-dev", "gold_data"])
    error_message = "Every database exists under its own name."
  }
  assert {
    condition = alltrue([for crawler in values(aws_glue_crawler.this) :
      crawler.name == "datalake-pipeline-silver-crawler-dev" && crawler.table_prefix == "silver_" &&
      one(crawler.s3_target[*].path) == "s3://datalake-pipeline-silver-dev/car_telemetry/" &&
      one(crawler.schema_change_policy[*].update_behavior) == "UPDATE_IN_DATABASE" &&
      one(crawler.schema_change_policy[*].delete_behavior) == "LOG" && crawler.schedule == null
    ])
    error_message = "The crawler updates the tables of its prefix, logs deletions, and has no schedule."
  }
  assert {
    condition = alltrue([for statement in jsondecode(values(aws_iam_role_policy.crawler)[0].policy).Statement :
      !contains(flatten([statement.Resource]), "*") && length([for action in flatten([statement.Action]) : action if endswith(action, "*")]) == 0
    ])
    error_message = "The role's policy names its actions and resources."
  }
  assert {
    condition = contains(flatten([for statement in jsondecode(values(aws_iam_role_policy.crawler)[0].policy).Statement :
    statement.Resource if contains(flatten([statement.Action]), "s3:GetObject")]), "arn:aws:s3:::datalake-pipeline-silver-dev/car_telemetry/*")
    error_message = "The crawler reads its prefix."
  }
  assert {
    condition     = jsondecode(values(aws_iam_role.crawler)[0].assume_role_policy).Statement[0].Principal.Service == "glue.amazonaws.com"
    error_message = "Only Glue assumes the role."
  }
}
