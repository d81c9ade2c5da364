data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

# Names and ARNs that several modules need. Built from names, they are known when Terraform plans.
locals {
  partition = data.aws_partition.current.partition
  place     = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  bucket_names = merge(var.buckets, {
    raw = coalesce(var.buckets.raw, "${data.aws_caller_identity.current.account_id}-oubt-datalake")
  })
  bucket_arns = { for role, name in local.bucket_names : role => "arn:${local.partition}:s3:::${name}" }

  names = {
    topic          = "etl-pipeline-notifications"
    state_machine  = "etl-pipeline-workflow"
    orchestrator   = "etl-orchestrator"
    validate       = "etl-orchestrator-validate-input"
    taxi_job       = "job-process-taxi-data"
    silver_job     = "datalake-pipeline-silver-consolidation-${var.environment}"
    gold_job       = "job-transform-silver-to-gold"
    extract_job    = "extract-ids"
    silver_crawler = "datalake-pipeline-silver-crawler-${var.environment}"
    gold_crawler   = "crawler-gold-data"
    taxi_crawler   = "crawler-taxi-raw"
    catalog        = "datalake-pipeline-catalog-${var.environment}"
    extractor      = "idextractor"
  }

  topic_arn = "arn:${local.partition}:sns:${local.place}:${local.names.topic}"
  batch     = "arn:${local.partition}:batch:${local.place}"

  job_queue_arn      = "${local.batch}:job-queue/${local.names.extractor}"
  job_definition_arn = "${local.batch}:job-definition/${local.names.extractor}"

  ids_root = "ids/"
}

module "extractor" {
  source = "../extractor"

  name               = local.names.extractor
  image              = var.extractor.image
  platform           = var.extractor.platform
  vpc_id             = var.extractor.vpc_id
  subnet_ids         = var.extractor.subnet_ids
  security_group_ids = var.extractor.security_group_ids
  table_a            = var.extractor.table_a
  table_b            = var.extractor.table_b
  table_buckets      = coalesce(var.extractor.table_buckets, local.catalog_tables ? [local.bucket_names.silver] : [])
  ids_bucket         = local.bucket_names.ids
  output_prefix      = local.ids_root
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn
  instance_tags      = var.instance_tags
}

locals {
  catalog_tables = anytrue([for table in [var.extractor.table_a, var.extractor.table_b] : startswith(table, "glue://")])
}

module "state_machine" {
  source = "../state_machine"

  name                 = local.names.state_machine
  definition_path      = "${var.root}/state_machines/etl_workflow.asl.json"
  packages_folder      = "${var.root}/build"
  orchestrator_name    = local.names.orchestrator
  validate_name        = local.names.validate
  raw_bucket           = module.bucket["raw"].name
  input_prefix         = var.uploads.prefix
  input_min_bytes      = var.uploads.min_bytes
  input_max_bytes      = var.uploads.max_bytes
  upload_trigger       = var.uploads.trigger
  enable_orchestration = var.uploads.enable_orchestration
  enable_extraction    = var.uploads.enable_extraction
  glue_job_name        = module.taxi_job.name
  crawler_name         = local.names.taxi_crawler
  crawler_max_checks   = var.uploads.crawler_max_checks
  topic_arn            = local.topic_arn
  job_queue_arn        = local.job_queue_arn
  job_definition_arn   = module.extractor.job_definition_arn
  ids_bucket           = local.bucket_names.ids
  ids_active_key       = module.extractor.active_key
  log_retention_days   = var.log_retention_days
  kms_key_arn          = var.kms_key_arn
}

module "observability" {
  source = "../observability"

  topic_name             = local.names.topic
  notification_emails    = var.notification_emails
  state_machine_name     = local.names.state_machine
  dlq_name               = "${local.names.orchestrator}-dlq"
  function_names         = [local.names.orchestrator, local.names.validate]
  extractor_log_group    = "/aws/batch/${local.names.extractor}"
  dashboard_name         = "idextractor-pipeline-${var.environment}"
  alarm_max_drop_percent = var.alarm_max_drop_percent
  kms_key_arn            = var.kms_key_arn

  # The state machine reports the taxi crawler itself.
  alert_crawler_names = [local.names.silver_crawler, local.names.gold_crawler]
}
