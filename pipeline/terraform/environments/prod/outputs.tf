output "glue_workflow_name" {
  description = "Name of the silver workflow."
  value       = module.pipeline.glue_workflow_name
}

output "glue_workflow_arn" {
  description = "ARN of the silver workflow."
  value       = module.pipeline.glue_workflow_arn
}

output "workflow_summary" {
  description = "The silver workflow in six members."
  value       = module.pipeline.workflow_summary
}

output "medallion_workflow_name" {
  description = "Name of the workflow that chains bronze, silver, gold and the extraction."
  value       = module.pipeline.medallion_workflow_name
}

output "medallion_workflow_arn" {
  description = "ARN of that workflow."
  value       = module.pipeline.medallion_workflow_arn
}

output "medallion_trigger_arns" {
  description = "ARNs of its triggers in run order."
  value       = module.pipeline.medallion_trigger_arns
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = module.pipeline.state_machine_arn
}

output "orchestrator_function_name" {
  description = "Name of the function that starts executions."
  value       = module.pipeline.orchestrator_function_name
}

output "validate_function_name" {
  description = "Name of the function that validates the input."
  value       = module.pipeline.validate_function_name
}

output "topic_arn" {
  description = "ARN of the topic of all notifications and alarms."
  value       = module.pipeline.topic_arn
}

output "dlq_url" {
  description = "URL of the queue of events that could not be started."
  value       = module.pipeline.dlq_url
}

output "job_queue_arn" {
  description = "ARN of the Batch job queue."
  value       = module.pipeline.job_queue_arn
}

output "job_definition_arn" {
  description = "ARN of the Batch job definition, without revision."
  value       = module.pipeline.job_definition_arn
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = module.pipeline.dashboard_name
}

output "alarm_names" {
  description = "Names of the alarms."
  value       = module.pipeline.alarm_names
}

output "buckets" {
  description = "Role -> name of the bucket: raw, bronze, silver, gold, ids, scripts."
  value       = module.pipeline.buckets
}
