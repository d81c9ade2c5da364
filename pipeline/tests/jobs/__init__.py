"""Tests of the Spark jobs: one process, and one JVM for all of them."""
# suite: folder
