output "name" {
  description = "Name of the job."
  value       = aws_glue_job.this.name
}

output "arn" {
  description = "ARN of the job."
  value       = aws_glue_job.this.arn
}

output "role_name" {
  description = "Name of the job's role."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "ARN of the job's role."
  value       = aws_iam_role.this.arn
}
