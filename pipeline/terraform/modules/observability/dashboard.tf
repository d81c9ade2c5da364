locals {
  # Source -> namespace, dimension, value.
  sources = {
    states    = ["AWS/States", "StateMachineArn", local.state_machine_arn]
    queue     = ["AWS/SQS", "QueueName", var.dlq_name]
    extractor = ["IdExtractor", "Command", "extract"]
  }

  # The width is in columns of 24.
  charts = [
    {
      title = "Executions", width = 12, stat = "Sum", source = "states"
      names = ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled"]
    },
    { title = "Execution time (ms)", width = 6, stat = "Maximum", source = "states", names = ["ExecutionTime"] },
    { title = "Events not started", width = 6, stat = "Maximum", source = "queue", names = ["ApproximateNumberOfMessagesVisible"] },
    { title = "Extractions", width = 8, stat = "Sum", source = "extractor", names = ["Succeeded", "Failed"] },
    { title = "Ids", width = 8, stat = "Maximum", source = "extractor", names = ["DistinctIds"] },
    { title = "Drop (percent)", width = 8, stat = "Maximum", source = "extractor", names = ["DropPercent"] },
    {
      title = "Extraction time (s)", width = 12, stat = "Maximum", source = "extractor"
      names = [
        "Duration", "CatalogSeconds", "PlanSeconds", "KeysSeconds", "ScanSeconds", "RecheckSeconds", "CollectSeconds", "StageSeconds",
        "VerifySeconds", "PromoteSeconds",
      ]
    },
    { title = "Rows", width = 12, stat = "Maximum", source = "extractor", names = ["RowsScanned", "RowsMatched"] },
    { title = "Requests and retries", width = 8, stat = "Sum", source = "extractor", names = ["Requests", "Retries"] },
    { title = "Bytes read", width = 8, stat = "Sum", source = "extractor", names = ["BytesRead"] },
    { title = "Peak memory (bytes)", width = 8, stat = "Maximum", source = "extractor", names = ["PeakMemory"] },
  ]

  chart_metrics = { for chart in local.charts : chart.title => [for name in chart.names :
    [local.sources[chart.source][0], name, local.sources[chart.source][1], local.sources[chart.source][2]]
  ] }

  run_query = join(" | ", [
    "SOURCE '${var.extractor_log_group}'",
    "filter ispresent(_aws)",
    "sort @timestamp desc",
    "display @timestamp, RunId, SourcePartition, Outcome, ExitCode, DistinctIds, DropPercent, Duration",
  ])

  widgets = concat(
    [{
      type       = "alarm", width = 24, height = 3
      properties = { title = "Alarms", alarms = [for name in keys(local.alarms) : "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:${name}"] }
    }],
    [for chart in local.charts : {
      type = "metric", width = chart.width, height = 6
      properties = {
        title   = chart.title, region = local.region, stat = chart.stat, period = 300, view = "timeSeries"
        metrics = local.chart_metrics[chart.title]
      }
    }],
    [{
      type = "metric", width = 24, height = 6
      properties = {
        title   = "Function errors", region = local.region, stat = "Sum", period = 300, view = "timeSeries"
        metrics = [for name in var.function_names : ["AWS/Lambda", "Errors", "FunctionName", name]]
      }
    }],
    [{
      type       = "log", width = 24, height = 6
      properties = { title = "Runs of the extractor", region = local.region, view = "table", query = local.run_query }
    }],
  )
}

# Without positions CloudWatch lays the widgets out from left to right, in this order.
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.dashboard_name
  dashboard_body = jsonencode({ widgets = local.widgets })
}
