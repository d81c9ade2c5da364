"""Writing one file per partition below the staging folder."""
