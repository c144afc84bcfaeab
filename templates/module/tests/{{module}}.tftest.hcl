mock_provider "aws" {}

variables {
  name_prefix = "mlp-dev"
  account_id  = "123456789012"
}

run "bucket_is_private" {
  assert {
    condition     = aws_s3_bucket.this.bucket == "mlp-dev-{{module}}-123456789012"
    error_message = "the name carries prefix and account"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "nobody can make the bucket public by a policy"
  }
}

run "account_must_be_an_account" {
  command = plan

  variables {
    account_id = "dev"
  }

  expect_failures = [var.account_id]
}
