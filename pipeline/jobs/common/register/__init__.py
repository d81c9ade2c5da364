"""The table and its partitions in the Glue Data Catalog."""
