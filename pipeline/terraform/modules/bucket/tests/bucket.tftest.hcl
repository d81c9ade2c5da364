mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name            = "datalake-pipeline-ids-dev"
  expire_prefixes = { "ids/stage/" = 30 }
}

run "private_versioned_encrypted" {
  command = apply

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration[*].status) == "Enabled"
    error_message = "The bucket is versioned."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule[*].apply_server_side_encryption_by_default)[*].sse_algorithm) == "AES256"
    error_message = "Without a key the bucket uses SSE-S3."
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls, aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls, aws_s3_bucket_public_access_block.this.restrict_public_buckets
    ])
    error_message = "Public access is blocked."
  }
  assert {
    condition = one([for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
    one(rule.abort_incomplete_multipart_upload[*].days_after_initiation) if rule.id == "remove-leftovers"]) == 3
    error_message = "Incomplete multipart uploads are aborted after 3 days."
  }
  assert {
    condition = one([for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
    one(rule.expiration[*].days) if rule.id == "expire-ids-stage"]) == 30
    error_message = "The prefix expires."
  }
  assert {
    condition = jsondecode(aws_s3_bucket_policy.tls_only[0].policy).Statement[0] == {
      Sid       = "TlsOnly", Effect = "Deny", Principal = "*", Action = "s3:*"
      Resource  = ["arn:aws:s3:::datalake-pipeline-ids-dev", "arn:aws:s3:::datalake-pipeline-ids-dev/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
    error_message = "Requests without TLS are denied on the bucket and its objects."
  }
  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "A destroy does not delete data unless it is told to."
  }
}

run "with_a_key_on_an_emulator" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1"
    tls_only    = false
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule[*].apply_server_side_encryption_by_default)[*].kms_master_key_id) == var.kms_key_arn
    error_message = "The bucket uses the key."
  }
  assert {
    condition     = length(aws_s3_bucket_policy.tls_only) == 0
    error_message = "An emulator is reached over http."
  }
}
