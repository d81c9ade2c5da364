locals {
  emulated = var.endpoint_url != null

  tags = merge(var.tags, {
    Project     = "idextractor"
    Environment = "prod"
    ManagedBy   = "terraform"
  })
}

# On an emulator the credentials are made up: no real ones are sent there, and a call that escaped to AWS would be refused.
provider "aws" {
  region     = var.region
  access_key = local.emulated ? "terraform" : null
  secret_key = local.emulated ? "terraform" : null

  s3_use_path_style           = local.emulated
  skip_credentials_validation = local.emulated
  skip_metadata_api_check     = local.emulated
  skip_region_validation      = local.emulated
  max_retries                 = local.emulated ? 2 : null

  # One for each service that the environment calls.
  endpoints {
    batch      = var.endpoint_url
    cloudwatch = var.endpoint_url
    ec2        = var.endpoint_url
    events     = var.endpoint_url
    glue       = var.endpoint_url
    iam        = var.endpoint_url
    lambda     = var.endpoint_url
    logs       = var.endpoint_url
    s3         = var.endpoint_url
    s3control  = var.endpoint_url
    sfn        = var.endpoint_url
    sns        = var.endpoint_url
    sqs        = var.endpoint_url
    sts        = var.endpoint_url
  }

  default_tags {
    tags = local.tags
  }
}
