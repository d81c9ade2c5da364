module "pipeline" {
  source = "../../modules/pipeline"

  environment     = "prod"
  root            = "${path.module}/../../.."
  tls_only        = !local.emulated
  force_destroy   = false
  noncurrent_days = 90

  buckets = {
    raw     = var.raw_bucket_name
    bronze  = var.bronze_bucket_name
    silver  = var.silver_bucket_name
    gold    = var.gold_bucket_name
    ids     = var.ids_bucket_name
    scripts = var.scripts_bucket_name
  }

  extractor = {
    image              = var.extractor_image
    platform           = var.extractor_platform
    vpc_id             = var.vpc_id
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
    table_a            = var.table_a
    table_b            = var.table_b
    table_buckets      = var.table_buckets
  }

  uploads = {
    prefix               = var.input_prefix
    min_bytes            = var.input_min_bytes
    max_bytes            = var.input_max_bytes
    trigger              = var.upload_trigger
    enable_orchestration = var.enable_orchestration
    enable_extraction    = var.enable_extraction
    crawler_max_checks   = var.crawler_max_checks
  }

  silver_schedule        = var.glue_workflow_schedule
  medallion_schedule     = var.medallion_schedule
  notification_emails    = var.notification_emails
  alarm_max_drop_percent = var.alarm_max_drop_percent
  log_retention_days     = var.log_retention_days
  manage_glue_log_groups = var.manage_glue_log_groups
  kms_key_arn            = var.kms_key_arn
  instance_tags          = local.tags
}
