"""Step 4: Table B becomes distinct ids, in one Spark query."""
