output "database_names" {
  description = "Names of the databases."
  value       = toset([for database in aws_glue_catalog_database.this : database.name])
}

output "crawler_names" {
  description = "Names of the crawlers."
  value       = toset([for crawler in aws_glue_crawler.this : crawler.name])
}

output "crawler_role_names" {
  description = "Crawler -> name of its role."
  value       = { for name, role in aws_iam_role.crawler : name => role.name }
}
