locals {
  tables     = [var.table_a, var.table_b]
  glue_names = [for table in local.tables : trimprefix(table, "glue://") if startswith(table, "glue://")]
  s3_buckets = [for table in local.tables : split("/", table)[2] if startswith(table, "s3://")]

  read_buckets = sort(distinct(concat(var.table_buckets, local.s3_buckets)))
  s3           = "arn:${local.partition}:s3:::"
  glue         = "arn:${local.partition}:glue:${local.region}:${local.account}"
  output       = "${local.s3}${var.ids_bucket}/${var.output_prefix}"
  managed      = "arn:${local.partition}:iam::aws:policy"

  # Two roles of the container. Tasks of other accounts are refused.
  trust_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })

  trust = { for service in ["batch", "ec2"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${service}.amazonaws.com" }
    }]
  }) }
}

# What the program runs as. The README of the project has the same policy.
resource "aws_iam_role" "job" {
  name               = "${var.name}-job"
  description        = "What the container of ${var.name} may do"
  assume_role_policy = local.trust_tasks
  tags               = var.tags
}

resource "aws_iam_role_policy" "job" {
  name = "extract"
  role = aws_iam_role.job.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for statement in [{
        Sid    = "FindTables"
        Effect = "Allow"
        Action = ["glue:GetTable", "glue:GetPartition", "glue:GetPartitions"]
        Resource = concat(
          ["${local.glue}:catalog"],
          distinct([for name in local.glue_names : "${local.glue}:database/${split("/", name)[0]}"]),
          distinct([for name in local.glue_names : "${local.glue}:table/${name}"]),
        )
      }] : statement if length(local.glue_names) > 0],
      [
        {
          Sid      = "ListPartitionsAndOutput"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = [for bucket in distinct(concat(local.read_buckets, [var.ids_bucket])) : "${local.s3}${bucket}"]
        },
        {
          Sid      = "FindUploadsOfKilledRuns"
          Effect   = "Allow"
          Action   = "s3:ListBucketMultipartUploads"
          Resource = "${local.s3}${var.ids_bucket}"
        },
      ],
      # IAM refuses a statement without a resource, which glue:// tables with an empty table_buckets would make.
      [for statement in [{
        Sid      = "ReadTables"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for bucket in local.read_buckets : "${local.s3}${bucket}/*"]
      }] : statement if length(local.read_buckets) > 0],
      [{
        Sid      = "Publish"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = ["${local.output}stage/*", "${local.output}active/*"]
      }],
      [for statement in [{
        Sid      = "UseKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.kms_key_arn
      }] : statement if var.kms_key_arn != null]
    )
  })
}

# Pulls the image and writes the logs.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  description        = "Pulls the image of ${var.name} and writes its logs"
  assume_role_policy = local.trust_tasks
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "${local.managed}/service-role/AmazonECSTaskExecutionRolePolicy"
}

# Lets Batch manage the compute environments.
resource "aws_iam_role" "service" {
  name               = "${var.name}-batch-service"
  description        = "Lets Batch manage the compute environments of ${var.name}"
  assume_role_policy = local.trust["batch"]
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "service" {
  role       = aws_iam_role.service.name
  policy_arn = "${local.managed}/service-role/AWSBatchServiceRole"
}

# EC2 only: lets the instances join the cluster of their compute environment.
resource "aws_iam_role" "instance" {
  count = local.ec2 ? 1 : 0

  name               = "${var.name}-instance"
  description        = "Lets the instances of ${var.name} join their cluster"
  assume_role_policy = local.trust["ec2"]
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "instance" {
  count = local.ec2 ? 1 : 0

  role       = aws_iam_role.instance[0].name
  policy_arn = "${local.managed}/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  count = local.ec2 ? 1 : 0

  name = "${var.name}-instance"
  role = aws_iam_role.instance[0].name
  tags = var.tags
}
