"""Conversion rules as Spark column expressions."""
