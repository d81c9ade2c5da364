"""The stages around the extractor: Spark jobs, Lambdas, state machines, Terraform."""
