# The hourly workflow: job, then crawler, by these two triggers and no others.
resource "aws_glue_workflow" "silver" {
  name                = "datalake-pipeline-silver-etl-workflow-${var.environment}"
  description         = "Runs the silver consolidation, then the crawler"
  max_concurrent_runs = 1
}

resource "aws_glue_trigger" "hourly_start" {
  name          = "datalake-pipeline-workflow-hourly-start-${var.environment}"
  description   = "Starts the silver consolidation on schedule"
  type          = "SCHEDULED"
  enabled       = true
  schedule      = var.silver_schedule
  workflow_name = aws_glue_workflow.silver.name

  actions {
    job_name = module.silver_job.name
  }
}

resource "aws_glue_trigger" "start_crawler" {
  name          = "datalake-pipeline-job-succeeded-start-crawler-${var.environment}"
  description   = "Starts the crawler after the success of the silver consolidation"
  type          = "CONDITIONAL"
  enabled       = true
  workflow_name = aws_glue_workflow.silver.name
  depends_on    = [module.catalog]

  predicate {
    logical = "AND"

    conditions {
      job_name         = module.silver_job.name
      logical_operator = "EQUALS"
      state            = "SUCCEEDED"
    }
  }

  actions {
    crawler_name = local.names.silver_crawler
  }
}

module "medallion_workflow" {
  source = "../glue_workflow"

  description     = "Runs bronze, silver, gold, then the extraction: each stage after the success of the one before it"
  schedule        = var.medallion_schedule
  order           = ["bronze", "silver", "gold", "extract"]
  alert_topic_arn = local.topic_arn

  jobs = {
    bronze  = module.taxi_job.name
    silver  = module.silver_job.name
    gold    = module.gold_job.name
    extract = module.extract_job.name
  }
}
