output "glue_workflow_name" {
  description = "Name of the silver workflow."
  value       = aws_glue_workflow.silver.name
}

output "glue_workflow_arn" {
  description = "ARN of the silver workflow."
  value       = aws_glue_workflow.silver.arn
}

output "workflow_summary" {
  description = "The silver workflow in six members."
  value = {
    workflow_name     = aws_glue_workflow.silver.name
    job_name          = module.silver_job.name
    crawler_name      = local.names.silver_crawler
    trigger_schedule  = aws_glue_trigger.hourly_start.schedule
    flow              = "Scheduled Trigger → Job ETL → (if SUCCEEDED) → Crawler → Athena Updated"
    latency_reduction = "Near-zero latency (automatic crawler execution after job success)"
  }
}

output "medallion_workflow_name" {
  description = "Name of the workflow that chains bronze, silver, gold and the extraction."
  value       = module.medallion_workflow.workflow_name
}

output "medallion_workflow_arn" {
  description = "ARN of that workflow."
  value       = module.medallion_workflow.workflow_arn
}

output "medallion_trigger_arns" {
  description = "ARNs of its triggers in run order."
  value       = module.medallion_workflow.trigger_arns
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = module.state_machine.state_machine_arn
}

output "orchestrator_function_name" {
  description = "Name of the function that starts executions."
  value       = module.state_machine.orchestrator_function_name
}

output "validate_function_name" {
  description = "Name of the function that validates the input."
  value       = module.state_machine.validate_function_name
}

output "topic_arn" {
  description = "ARN of the topic of all notifications and alarms."
  value       = module.observability.topic_arn
}

output "dlq_url" {
  description = "URL of the queue of events that could not be started."
  value       = module.state_machine.dlq_url
}

output "job_queue_arn" {
  description = "ARN of the Batch job queue."
  value       = module.extractor.job_queue_arn
}

output "job_definition_arn" {
  description = "ARN of the Batch job definition, without revision."
  value       = module.extractor.job_definition_arn
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = module.observability.dashboard_name
}

output "alarm_names" {
  description = "Names of the alarms."
  value       = module.observability.alarm_names
}

output "buckets" {
  description = "Role -> name of the bucket: raw, bronze, silver, gold, ids, scripts."
  value       = { for role, bucket in module.bucket : role => bucket.name }
}
