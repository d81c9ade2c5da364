"""The types that values are converted to, by their Spark names. Apart from values.py, so that options need no pyspark."""
STRING, BIGINT, DOUBLE, TIMESTAMP, DATE = "string", "bigint", "double", "timestamp", "date"
