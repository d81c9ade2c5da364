data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id
  ec2       = var.platform == "EC2_SPOT"

  # The compute environments in the order in which the queue tries them.
  environments = { FARGATE = ["FARGATE"], FARGATE_SPOT = ["FARGATE_SPOT", "FARGATE"], EC2_SPOT = ["SPOT"] }[var.platform]

  security_group_ids = length(var.security_group_ids) > 0 ? var.security_group_ids : aws_security_group.this[*].id

  # The image needs AVX2 (x86-64-v3). A job fits an instance of 4 vCPUs and 8 GiB.
  instance_families = ["c5", "c5a", "c6a", "c6i", "m5", "m5a", "m6a", "m6i"]
}

# A compute environment cannot be deleted while a queue uses it. So its replacement is created first, under another name.
resource "aws_batch_compute_environment" "this" {
  for_each = toset(local.environments)

  compute_environment_name_prefix = "${var.name}-"
  type                            = "MANAGED"
  service_role                    = aws_iam_role.service.arn
  tags                            = var.tags
  depends_on                      = [aws_iam_role_policy_attachment.service, aws_iam_role_policy_attachment.instance]

  compute_resources {
    type               = each.key
    max_vcpus          = var.max_vcpus
    min_vcpus          = local.ec2 ? 0 : null
    subnets            = var.subnet_ids
    security_group_ids = local.security_group_ids

    allocation_strategy = local.ec2 ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : null
    instance_type       = local.ec2 ? local.instance_families : null
    instance_role       = local.ec2 ? aws_iam_instance_profile.instance[0].arn : null
    tags                = local.ec2 ? var.instance_tags : null
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_job_queue" "this" {
  name     = var.name
  state    = "ENABLED"
  priority = 1
  tags     = var.tags

  dynamic "compute_environment_order" {
    for_each = local.environments

    content {
      order               = compute_environment_order.key + 1
      compute_environment = aws_batch_compute_environment.this[compute_environment_order.value].arn
    }
  }
}

resource "aws_security_group" "this" {
  count = length(var.security_group_ids) == 0 ? 1 : 0

  name_prefix = "${var.name}-"
  description = "Containers of ${var.name}: egress to port 443 only"
  vpc_id      = var.vpc_id
  tags        = var.tags

  egress {
    description = "S3, Glue, ECR and CloudWatch Logs"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/batch/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}
