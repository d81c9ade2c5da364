"""Replacing one file per partition, on a disk and in S3."""
