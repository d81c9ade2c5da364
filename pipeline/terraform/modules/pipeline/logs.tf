# Crawlers and Python-shell jobs write to these groups, whatever their arguments are. All of the account's crawlers and jobs in
# the region share them, and Glue creates them without a retention. So they belong to an environment only if it is told so.
locals {
  glue_log_groups = ["/aws-glue/crawlers", "/aws-glue/python-jobs/error", "/aws-glue/python-jobs/output"]
}

resource "aws_cloudwatch_log_group" "glue" {
  for_each = toset(var.manage_glue_log_groups ? local.glue_log_groups : [])

  name              = each.key
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
