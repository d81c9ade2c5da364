"""Staged files against what was computed."""
