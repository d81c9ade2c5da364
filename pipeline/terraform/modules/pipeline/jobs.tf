locals {
  glue = "arn:${local.partition}:glue:${local.place}"

  read_actions  = ["s3:GetObject"]
  write_actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
  list_actions  = ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"]

  # A job that registers its table: database -> what it may do there.
  register_actions = [
    "glue:GetDatabase", "glue:GetTable", "glue:CreateTable", "glue:UpdateTable", "glue:GetPartition", "glue:GetPartitions",
    "glue:BatchCreatePartition", "glue:BatchDeletePartition",
  ]
  table_resources = { for name, table in {
    bronze = "${local.names.catalog}/${local.bronze_table}"
    trips  = "nyc_taxi_catalog/taxi_trips"
    gold   = "gold_data/sample_data_aggregated"
    source = "silver_data/sample_data_partitioned"
  } : name => ["${local.glue}:catalog", "${local.glue}:database/${split("/", table)[0]}", "${local.glue}:table/${table}"] }

  job_defaults = {
    scripts_bucket = module.bucket["scripts"].name
    package_key    = contains(keys(local.scripts), local.package_key) ? local.package_key : null
  }
}

# Every bucket has one job that writes to it. Its staging files are below _staging/, with markers such as _staging_$folder$.

module "taxi_job" {
  source = "../glue_job"

  name               = local.names.taxi_job
  description        = "Uploaded taxi trips -> one clean table"
  scripts_bucket     = local.job_defaults.scripts_bucket
  script_key         = "jobs/process_taxi/glue_entry.py"
  package_key        = local.job_defaults.package_key
  bookmarks          = true
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn

  # The state machine passes its own; these are for runs of the medallion workflow.
  arguments = {
    "--bucket_name"   = local.bucket_names.raw
    "--source_prefix" = var.uploads.prefix
    "--target_prefix" = "processed/taxi/"
    "--register"      = "nyc_taxi_catalog.taxi_trips"
  }

  statements = [
    { sid = "ListRaw", actions = local.list_actions, resources = [local.bucket_arns.raw] },
    { sid = "ReadUploads", actions = local.read_actions, resources = ["${local.bucket_arns.raw}/${var.uploads.prefix}*"] },
    {
      sid     = "WriteTrips"
      actions = local.write_actions
      resources = [for prefix in ["processed/taxi/", "dead-letter-queue/taxi/", "_bookmarks/processed/", "_staging"] :
        "${local.bucket_arns.raw}/${prefix}*"
      ]
    },
    { sid = "RegisterTrips", actions = local.register_actions, resources = local.table_resources.trips },
  ]
}

module "silver_job" {
  source = "../glue_job"

  name               = local.names.silver_job
  description        = "Bronze car telemetry -> silver, one row per car and day"
  scripts_bucket     = local.job_defaults.scripts_bucket
  script_key         = "jobs/bronze_to_silver/glue_entry.py"
  package_key        = local.job_defaults.package_key
  bookmarks          = true
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn

  arguments = {
    "--source" = "glue://${aws_glue_catalog_table.bronze.database_name}/${aws_glue_catalog_table.bronze.name}"
    "--target" = "s3://${local.bucket_names.silver}/car_telemetry/"
    "--conf"   = "spark.sql.sources.partitionOverwriteMode=dynamic"
  }

  statements = [
    { sid = "List", actions = local.list_actions, resources = [local.bucket_arns.bronze, local.bucket_arns.silver] },
    { sid = "ReadBronze", actions = local.read_actions, resources = ["${local.bucket_arns.bronze}/*"] },
    {
      sid       = "WriteSilver"
      actions   = local.write_actions
      resources = [for prefix in ["car_telemetry/", "car_telemetry_quarantine/", "_staging"] : "${local.bucket_arns.silver}/${prefix}*"]
    },
    {
      sid       = "FindBronze"
      actions   = ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"]
      resources = local.table_resources.bronze
    },
  ]
}

module "gold_job" {
  source = "../glue_job"

  name               = local.names.gold_job
  description        = "Silver -> gold: mean salary by idade, ativo, ano, mes"
  scripts_bucket     = local.job_defaults.scripts_bucket
  script_key         = "jobs/silver_to_gold/glue_entry.py"
  package_key        = local.job_defaults.package_key
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn

  # The crawler names a table after its folder below gold/, so it finds the table that the job registers.
  arguments = {
    "--source"   = "glue://silver_data/sample_data_partitioned"
    "--target"   = "s3://${local.bucket_names.gold}/gold/sample_data_aggregated/"
    "--register" = "gold_data.sample_data_aggregated"
  }

  statements = [
    { sid = "List", actions = local.list_actions, resources = [local.bucket_arns.silver, local.bucket_arns.gold] },
    { sid = "ReadSilver", actions = local.read_actions, resources = ["${local.bucket_arns.silver}/*"] },
    {
      sid       = "WriteGold"
      actions   = local.write_actions
      resources = ["${local.bucket_arns.gold}/gold/*", "${local.bucket_arns.gold}/_staging*"]
    },
    { sid = "FindSilver", actions = ["glue:GetTable", "glue:GetPartitions"], resources = local.table_resources.source },
    { sid = "RegisterGold", actions = local.register_actions, resources = local.table_resources.gold },
  ]
}

module "extract_job" {
  source = "../glue_job"

  name            = local.names.extract_job
  description     = "Submits the extraction to Batch and waits for it"
  engine          = "python_shell"
  scripts_bucket  = local.job_defaults.scripts_bucket
  script_key      = "python_shell/submit_extractor.py"
  max_retries     = 1
  timeout_minutes = 45
  kms_key_arn     = var.kms_key_arn

  arguments = {
    "--JOB_QUEUE"        = module.extractor.job_queue_name
    "--JOB_DEFINITION"   = module.extractor.job_definition_name
    "--TABLE_A"          = var.extractor.table_a
    "--TABLE_B"          = var.extractor.table_b
    "--OUTPUT"           = module.extractor.output
    "--NOTIFY_TOPIC_ARN" = local.topic_arn
  }

  statements = [
    {
      sid       = "SubmitExtraction"
      actions   = ["batch:SubmitJob"]
      resources = [local.job_queue_arn, local.job_definition_arn, "${local.job_definition_arn}:*"]
    },
    { sid = "StopExtraction", actions = ["batch:TerminateJob"], resources = ["${local.batch}:job/*"] },
    { sid = "WatchExtraction", actions = ["batch:DescribeJobs", "batch:ListJobs"], resources = ["*"] },
    {
      sid       = "ReadIdsMetadata"
      actions   = ["s3:GetObject"]
      resources = ["${local.bucket_arns.ids}/${module.extractor.active_key}"]
    },
    { sid = "Notify", actions = ["sns:Publish"], resources = [local.topic_arn] },
  ]
}
