"""Spark jobs. Each runs as `python3 -m pipeline.jobs.JOB`, on Glue and through spark-submit."""
