output "job_queue_name" {
  description = "Name of the job queue."
  value       = aws_batch_job_queue.this.name
}

output "job_queue_arn" {
  description = "ARN of the job queue."
  value       = aws_batch_job_queue.this.arn
}

output "job_definition_name" {
  description = "Name of the job definition."
  value       = aws_batch_job_definition.this.name
}

output "job_definition_arn" {
  description = "ARN of the job definition without its revision: a job that is submitted with it runs the latest one."
  value       = "arn:${local.partition}:batch:${local.region}:${local.account}:job-definition/${aws_batch_job_definition.this.name}"
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "output" {
  description = "Root of the output: s3://bucket/prefix/."
  value       = aws_batch_job_definition.this.parameters.output
}

output "active_key" {
  description = "Key of the published file in the ids bucket."
  value       = "${var.output_prefix}active/latest.txt.gz"
}

output "job_role_name" {
  description = "Name of the role that the program runs as."
  value       = aws_iam_role.job.name
}
