"""What the jobs share, in the order of the data: read, transform, stage, verify, publish, register, report."""
