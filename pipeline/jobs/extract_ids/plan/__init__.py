"""Step 2: pin files, read footers, find columns."""
