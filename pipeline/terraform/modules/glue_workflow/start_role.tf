data "aws_caller_identity" "current" {}

resource "aws_iam_role" "start" {
  count = var.start_role_name == null ? 0 : 1

  name        = var.start_role_name
  description = "Lets EventBridge Scheduler start the Glue workflow ${var.workflow_name}"
  tags        = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "start" {
  count = var.start_role_name == null ? 0 : 1

  name = "start-workflow"
  role = aws_iam_role.start[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartThisWorkflow"
      Effect   = "Allow"
      Action   = "glue:StartWorkflowRun"
      Resource = aws_glue_workflow.this.arn
    }]
  })
}
