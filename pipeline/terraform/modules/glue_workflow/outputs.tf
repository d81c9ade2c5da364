output "workflow_name" {
  description = "Name of the workflow."
  value       = aws_glue_workflow.this.name
}

output "workflow_arn" {
  description = "ARN of the workflow."
  value       = aws_glue_workflow.this.arn
}

output "trigger_arns" {
  description = "ARNs of the triggers in run order, the start trigger first."
  value       = concat([aws_glue_trigger.start.arn], [for stage in local.stages : aws_glue_trigger.after[stage].arn if stage != local.first])
}

output "start_role_arn" {
  description = "ARN of the role for EventBridge Scheduler; null without start_role_name."
  value       = one(aws_iam_role.start[*].arn)
}
