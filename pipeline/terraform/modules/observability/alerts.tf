# Runs of Glue jobs are reported by the workflow that chains them, each once. Crawlers that a workflow starts are reported here.
resource "aws_cloudwatch_event_rule" "crawler_failed" {
  count = length(var.alert_crawler_names) > 0 ? 1 : 0

  name        = "${var.topic_name}-crawler-alerts"
  description = "Failed runs of the crawlers that Glue workflows start"
  tags        = var.tags

  event_pattern = jsonencode({
    source        = ["aws.glue"]
    "detail-type" = ["Glue Crawler State Change"]
    detail = {
      crawlerName = var.alert_crawler_names
      state       = ["Failed"]
    }
  })
}

resource "aws_cloudwatch_event_target" "crawler_failed" {
  count = length(var.alert_crawler_names) > 0 ? 1 : 0

  rule      = aws_cloudwatch_event_rule.crawler_failed[0].name
  target_id = "topic"
  arn       = local.topic_arn

  input_transformer {
    input_paths = {
      crawler = "$.detail.crawlerName"
      time    = "$.time"
    }
    input_template = <<-JSON
      {
        "status": "FAILED",
        "message": "Crawler <crawler> failed. See ${var.runbook}. Details: aws glue get-crawler --name <crawler>",
        "crawlerName": <crawler>,
        "timestamp": <time>
      }
    JSON
  }
}
