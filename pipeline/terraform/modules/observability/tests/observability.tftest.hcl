mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:etl-pipeline-notifications" }
  }
}

run "alarms_and_topic" {
  command = apply

  variables {
    notification_emails    = ["oncall@example.com"]
    alarm_max_drop_percent = 20
    alert_crawler_names    = ["silver", "gold"]
    kms_key_arn            = "arn:aws:kms:us-east-1:123456789012:key/1"
    tags                   = { Owner = "data" }
  }

  # Name -> namespace, metric, statistic, comparison, threshold, period, periods, missing data.
  assert {
    condition = { for name, a in aws_cloudwatch_metric_alarm.this : name =>
      "${a.namespace} ${a.metric_name} ${a.statistic} ${a.comparison_operator} ${a.threshold} ${a.period} ${a.evaluation_periods} ${a.datapoints_to_alarm} ${a.treat_missing_data}" } == {
      "etl-pipeline-workflow-ExecutionsFailed"   = "AWS/States ExecutionsFailed Sum GreaterThanOrEqualToThreshold 1 300 1 1 notBreaching"
      "etl-pipeline-workflow-ExecutionThrottled" = "AWS/States ExecutionThrottled Sum GreaterThanOrEqualToThreshold 1 300 1 1 notBreaching"
      "etl-pipeline-workflow-ExecutionTime"      = "AWS/States ExecutionTime Maximum GreaterThanThreshold 3600000 300 1 1 notBreaching"
      "etl-pipeline-workflow-ExecutionsTimedOut" = "AWS/States ExecutionsTimedOut Sum GreaterThanOrEqualToThreshold 1 300 1 1 notBreaching"
      "etl-orchestrator-dlq"                     = "AWS/SQS ApproximateNumberOfMessagesVisible Maximum GreaterThanOrEqualToThreshold 1 300 1 1 notBreaching"
      "idextractor-Failed"                       = "IdExtractor Failed Sum GreaterThanOrEqualToThreshold 1 300 1 1 notBreaching"
      "idextractor-NoSuccess"                    = "IdExtractor Succeeded Sum LessThanThreshold 1 3600 26 26 breaching"
      "idextractor-IdCountDrop"                  = "IdExtractor DropPercent Maximum GreaterThanThreshold 20 300 1 1 notBreaching"
      "idextractor-Duration"                     = "IdExtractor Duration Maximum GreaterThanThreshold 720 300 1 1 notBreaching"
    }
    error_message = "The nine alarms of the pipeline."
  }
  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.this : a.alarm_actions == toset([aws_sns_topic.this.arn]) && a.tags.Owner == "data"])
    error_message = "Every alarm goes to the topic and has the tags."
  }
  assert {
    condition = alltrue([for s in jsondecode(aws_sns_topic_policy.this.policy).Statement :
      s.Action == "sns:Publish" && s.Resource == aws_sns_topic.this.arn && s.Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    ]) && toset([for s in jsondecode(aws_sns_topic_policy.this.policy).Statement : s.Principal.Service]) == toset(["cloudwatch.amazonaws.com", "events.amazonaws.com"])
    error_message = "CloudWatch and EventBridge of this account may publish, and no other principal."
  }
  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == var.kms_key_arn && keys(aws_sns_topic_subscription.email) == ["oncall@example.com"]
    error_message = "The topic uses the key and has the subscription."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.crawler_failed[0].event_pattern).detail == { crawlerName = ["silver", "gold"], state = ["Failed"] }
    error_message = "Failed crawlers are reported."
  }
  assert {
    condition     = length(distinct([for w in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : w.properties.title])) == 14
    error_message = "The dashboard shows the alarms, the charts and the runs."
  }
}
