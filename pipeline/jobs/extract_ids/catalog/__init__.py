"""Step 1: find the partition."""
