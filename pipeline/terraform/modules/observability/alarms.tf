locals {
  state_machine_arn = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${var.state_machine_name}"

  executions = { namespace = "AWS/States", dimensions = { StateMachineArn = local.state_machine_arn } }
  queue      = { namespace = "AWS/SQS", dimensions = { QueueName = var.dlq_name } }
  extractor  = { namespace = "IdExtractor", dimensions = { Command = "extract" } }

  at_least_one = { statistic = "Sum", comparison = "GreaterThanOrEqualToThreshold", threshold = 1 }

  # Name -> alarm. The period is 5 minutes and missing data is no breach, unless the alarm states otherwise.
  alarms = {
    "${var.state_machine_name}-ExecutionsFailed" = merge(local.executions, local.at_least_one, {
      metric = "ExecutionsFailed"
      text   = "An execution failed. Its notification has the reason."
    })
    "${var.state_machine_name}-ExecutionThrottled" = merge(local.executions, local.at_least_one, {
      metric = "ExecutionThrottled"
      text   = "Executions are throttled: uploads wait."
    })
    "${var.state_machine_name}-ExecutionTime" = merge(local.executions, {
      metric    = "ExecutionTime", statistic = "Maximum", comparison = "GreaterThanThreshold"
      threshold = 3600000
      text      = "An execution took more than an hour."
    })
    "${var.state_machine_name}-ExecutionsTimedOut" = merge(local.executions, local.at_least_one, {
      metric = "ExecutionsTimedOut"
      text   = "An execution timed out. It sent no notification of its own."
    })
    (var.dlq_name) = merge(local.queue, local.at_least_one, {
      metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum"
      text   = "Uploads could not be started; their events are in the queue."
    })
    "idextractor-Failed" = merge(local.extractor, local.at_least_one, {
      metric = "Failed"
      text   = "An extraction failed. Readers still see the previous file."
    })
    "idextractor-NoSuccess" = merge(local.extractor, {
      metric    = "Succeeded", statistic = "Sum", comparison = "LessThanThreshold"
      threshold = 1, period = 3600, periods = 26, missing = "breaching"
      text      = "No extraction succeeded for 26 hours: the published file is older than a day."
    })
    "idextractor-IdCountDrop" = merge(local.extractor, {
      metric    = "DropPercent", statistic = "Maximum", comparison = "GreaterThanThreshold"
      threshold = var.alarm_max_drop_percent
      text      = "The number of ids dropped by more than ${var.alarm_max_drop_percent} percent."
    })
    "idextractor-Duration" = merge(local.extractor, {
      metric    = "Duration", statistic = "Maximum", comparison = "GreaterThanThreshold"
      threshold = 720
      text      = "An extraction took more than 12 minutes."
    })
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = "${each.value.text} What to do: ${var.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = try(each.value.period, 300)
  evaluation_periods  = try(each.value.periods, 1)
  datapoints_to_alarm = try(each.value.periods, 1)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = [local.topic_arn]
  tags                = var.tags
  depends_on          = [aws_sns_topic.this]
}
