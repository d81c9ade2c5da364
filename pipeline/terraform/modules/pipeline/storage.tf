module "bucket" {
  source   = "../bucket"
  for_each = local.bucket_names

  name            = each.value
  kms_key_arn     = var.kms_key_arn
  tls_only        = var.tls_only
  force_destroy   = var.force_destroy
  noncurrent_days = var.noncurrent_days
  expire_prefixes = each.key == "ids" ? { "${local.ids_root}stage/" = 30 } : {}
}

# Whichever scripts exist. A job whose script is not there yet can be planned, and fails when it is run.
locals {
  package = "build/pipeline_jobs.zip"

  # Key in the scripts bucket -> file below root.
  scripts = merge(
    { for file in fileset(var.root, "jobs/*/glue_entry.py") : file => file },
    { for file in fileset(var.root, "python_shell/*.py") : file => file },
    fileexists("${var.root}/${local.package}") ? { (local.package_key) = local.package } : {},
  )

  package_key = "jobs/pipeline_jobs.zip"
}

resource "aws_s3_object" "script" {
  for_each = local.scripts

  bucket      = module.bucket["scripts"].name
  key         = each.key
  source      = "${var.root}/${each.value}"
  source_hash = filemd5("${var.root}/${each.value}")
}
