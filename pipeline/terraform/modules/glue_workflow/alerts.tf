resource "aws_cloudwatch_event_rule" "job_ended_badly" {
  count = var.alert_topic_arn == null ? 0 : 1

  name        = "${substr(var.workflow_name, 0, 48)}-job-alerts"
  description = "Runs of the jobs of ${var.workflow_name} that ended FAILED, TIMEOUT or STOPPED"
  tags        = var.tags

  event_pattern = jsonencode({
    source        = ["aws.glue"]
    "detail-type" = ["Glue Job State Change"]
    detail = {
      jobName = sort(distinct(values(var.jobs)))
      state   = ["FAILED", "TIMEOUT", "STOPPED"]
    }
  })
}

# The message omits the run's own error text, which may quote data. The command shows it.
resource "aws_cloudwatch_event_target" "topic" {
  count = var.alert_topic_arn == null ? 0 : 1

  rule      = aws_cloudwatch_event_rule.job_ended_badly[0].name
  target_id = "topic"
  arn       = var.alert_topic_arn

  input_transformer {
    input_paths = {
      job   = "$.detail.jobName"
      run   = "$.detail.jobRunId"
      state = "$.detail.state"
      time  = "$.time"
    }
    input_template = <<-JSON
      {
        "status": "FAILED",
        "message": "Glue job <job> ended in state <state>. See docs/runbook.md. Details: aws glue get-job-run --job-name <job> --run-id <run>",
        "jobName": <job>,
        "jobRunId": <run>,
        "state": <state>,
        "timestamp": <time>
      }
    JSON
  }
}
