"""Options, exit codes, the session and the entry points."""
