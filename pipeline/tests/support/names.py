"""Names of the environment dev, as the contract of the pipeline has them."""

ACCOUNT = "123456789012"
SILVER_JOB, SILVER_CRAWLER = "datalake-pipeline-silver-consolidation-dev", "datalake-pipeline-silver-crawler-dev"
TAXI_JOB, GOLD_JOB, SHELL_JOB = "job-process-taxi-data", "job-transform-silver-to-gold", "extract-ids"
SILVER_WORKFLOW, MEDALLION_WORKFLOW = "datalake-pipeline-silver-etl-workflow-dev", "metriccare_etl_workflow"
RAW, IDS = f"{ACCOUNT}-oubt-datalake", "datalake-pipeline-ids-dev"
BUCKETS = {"raw": RAW, **{name: f"datalake-pipeline-{name}-dev" for name in ("bronze", "silver", "gold", "ids", "scripts")}}
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:etl-pipeline-notifications"
TAGS = {"Project": "idextractor", "Environment": "dev", "ManagedBy": "terraform", "Owner": "data"}
