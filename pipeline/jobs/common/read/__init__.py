"""Where the data is: references, stores, catalog tables, files as DataFrames."""
