"""The suites that run on the applied environment, in one process that applies it once: files in the order of their names."""
# suite: folder
