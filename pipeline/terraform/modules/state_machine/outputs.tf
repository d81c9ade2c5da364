output "state_machine_name" {
  description = "Name of the state machine."
  value       = aws_sfn_state_machine.this.name
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = aws_sfn_state_machine.this.arn
}

output "orchestrator_function_name" {
  description = "Name of the function that starts executions."
  value       = aws_lambda_function.orchestrator.function_name
}

output "validate_function_name" {
  description = "Name of the function that validates the input."
  value       = aws_lambda_function.validate.function_name
}

output "dlq_url" {
  description = "URL of the queue of events that could not be started."
  value       = aws_sqs_queue.dead_letters.url
}

output "dlq_name" {
  description = "Name of that queue."
  value       = aws_sqs_queue.dead_letters.name
}

output "log_group_name" {
  description = "Name of the state machine's log group."
  value       = aws_cloudwatch_log_group.state_machine.name
}
